/**
 * ES modules from NODE_PATH, where layers are.
 *
 * Node.js reads NODE_PATH for require() only; Lambda's reads it for import too. Followed for the node_modules folders on it.
 */
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Whether an import names a package: neither a path, a URL nor an import map's entry. */
const isPackage = (specifier) => !/^(\.|\/|#|[a-z][a-z0-9+.-]*:)/i.test(specifier);

/** URLs of files that could have been beside each folder, for Node.js looks for packages from the importing file. */
const neighbours = () =>
  (process.env.NODE_PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => path.basename(folder) === 'node_modules' && existsSync(folder))
    .map((folder) => pathToFileURL(path.join(path.dirname(folder), 'index.mjs')).href);

/** The places to look at for an import that was not found; throws `error` if there are none. */
function placesFor(specifier, error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !isPackage(specifier)) throw error;
  return neighbours();
}

const wasFound = (error) => error.code !== 'ERR_MODULE_NOT_FOUND';

/** The hook for Node.js without registerHooks, run in its thread of hooks. */
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    for (const parentURL of placesFor(specifier, error)) {
      try {
        return await next(specifier, { ...context, parentURL });
      } catch (another) {
        if (wasFound(another)) throw another;
      }
    }
    throw error;
  }
}

function resolveAtOnce(specifier, context, next) {
  try {
    return next(specifier, context);
  } catch (error) {
    for (const parentURL of placesFor(specifier, error)) {
      try {
        return next(specifier, { ...context, parentURL });
      } catch (another) {
        if (wasFound(another)) throw another;
      }
    }
    throw error;
  }
}

/** From now on imports find packages on NODE_PATH. Costs nothing if no such folder exists. */
export function followNodePath() {
  if (neighbours().length === 0) return;
  if (module.registerHooks) module.registerHooks({ resolve: resolveAtOnce });
  else module.register?.(import.meta.url); // Node.js 18 has it since 18.19
}
