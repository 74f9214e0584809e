/**
 * ES modules from NODE_PATH, where layers are.
 *
 * Node.js reads NODE_PATH for require() only; Lambda's reads it for import too. Followed for the node_modules folders on it.
 */
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The package of an import as "shop/cart" or "@our/shop"; undefined for a path, a URL or an entry of an import map. */
const packageOf = (specifier) => specifier.match(/^(@[^/]+\/)?[^./#:@][^/:]*(?=\/|$)/)?.[0];

const folders = () =>
  (process.env.NODE_PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => path.basename(folder) === 'node_modules' && existsSync(folder));

/**
 * Where to import from what was not found: the URL of a file that could be beside the folder that has it, for Node.js
 * looks for packages from the importing file on. Throws `error` if no folder has it.
 */
function placeOf(specifier, error) {
  const name = error.code === 'ERR_MODULE_NOT_FOUND' && packageOf(specifier);
  const folder = name && folders().find((one) => existsSync(path.join(one, name)));
  if (!folder) throw error;
  return pathToFileURL(path.join(path.dirname(folder), 'index.mjs')).href;
}

/** The hook for Node.js without registerHooks, run in its thread of hooks. */
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    return next(specifier, { ...context, parentURL: placeOf(specifier, error) });
  }
}

function resolveAtOnce(specifier, context, next) {
  try {
    return next(specifier, context);
  } catch (error) {
    return next(specifier, { ...context, parentURL: placeOf(specifier, error) });
  }
}

/** From now on imports find packages on NODE_PATH. Costs nothing if no such folder exists. */
export function followNodePath() {
  if (folders().length === 0) return;
  if (module.registerHooks) module.registerHooks({ resolve: resolveAtOnce });
  else module.register?.(import.meta.url); // Node.js 18 has it since 18.19
}
