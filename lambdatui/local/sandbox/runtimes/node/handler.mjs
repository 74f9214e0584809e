/** Finding and loading a function's handler: "index.handler", "src/app.handler", "mod.a.b". */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { HandlerNotFound, ImportModuleError, MalformedHandlerName, UserCodeSyntaxError } from './errors.mjs';
import { followNodePath } from './node_path.mjs';

// Nothing need be there: messages name the file that required a missing module, and it is this one in AWS.
const require = createRequire('/var/runtime/index.mjs');

/** Whether .js files of a folder are ES modules: the nearest package.json says so. */
function isModuleFolder(folder) {
  for (let here = folder; path.basename(here) !== 'node_modules'; here = path.dirname(here)) {
    const file = path.join(here, 'package.json');
    if (existsSync(file)) {
      try {
        return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }
    if (here === path.dirname(here)) break;
  }
  return false;
}

async function importFile(file) {
  followNodePath();
  return import(pathToFileURL(file).href);
}

/** The module's exports. The order of what is tried is AWS's: a folder of that name comes before a file with an ending. */
async function loadModule(root, folder, name) {
  const base = path.resolve(root, folder, name);
  if (existsSync(base)) return require(base);
  if (existsSync(`${base}.js`)) {
    return isModuleFolder(path.dirname(base)) ? importFile(`${base}.js`) : require(`${base}.js`);
  }
  if (existsSync(`${base}.mjs`)) return importFile(`${base}.mjs`);
  if (existsSync(`${base}.cjs`)) return require(`${base}.cjs`);
  // A package: below node_modules, or on NODE_PATH.
  return require(require.resolve(name, { paths: [root, path.resolve(root, folder)] }));
}

async function loadOrExplain(root, folder, name) {
  try {
    return await loadModule(root, folder, name);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserCodeSyntaxError(String(error));
    // Of CommonJS only: AWS leaves ES modules' ERR_MODULE_NOT_FOUND as Node.js throws it.
    if (error?.code === 'MODULE_NOT_FOUND') throw new ImportModuleError(String(error));
    throw error;
  }
}

/** The handler function that `handler` names, below `root`. Throws the errors of errors.mjs, and what the code throws. */
export async function load(root, handler) {
  if (handler.includes('..')) {
    throw new MalformedHandlerName(
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = path.basename(handler);
  const dot = file.indexOf('.');
  if (dot < 0) throw new MalformedHandlerName('Bad handler');
  const exports = await loadOrExplain(root, handler.slice(0, handler.lastIndexOf(file)), file.slice(0, dot));
  const found = file
    .slice(dot + 1)
    .split('.')
    .reduce((object, key) => object?.[key], exports);
  if (found === undefined || found === null) throw new HandlerNotFound(`${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new HandlerNotFound(`${handler} is not a function`);
  return found;
}
