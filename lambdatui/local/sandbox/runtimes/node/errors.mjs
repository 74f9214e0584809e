/**
 * Errors, as the Runtime API and the log get them.
 *
 * Names, messages and shapes: what AWS's nodejs20.x and nodejs22.x answer and log (Lambda Developer Guide, "Lambda
 * function errors in Node.js"; logs that people show in public).
 */
import { fileURLToPath } from 'node:url';
import { inspect, types } from 'node:util';

function named(name) {
  const kind = class extends Error {};
  // Text records show `name`, JSON records the class's own name: AWS's do too.
  Object.defineProperty(kind, 'name', { value: name });
  Object.defineProperty(kind.prototype, 'name', { value: `Runtime.${name}`, writable: true, configurable: true });
  return kind;
}

export const CallbackHandlerDeprecated = named('CallbackHandlerDeprecated');
export const HandlerNotFound = named('HandlerNotFound');
export const ImportModuleError = named('ImportModuleError');
export const InvalidStreamingOperation = named('InvalidStreamingOperation');
export const MalformedHandlerName = named('MalformedHandlerName');
export const MalformedStreamingHandler = named('MalformedStreamingHandler');
export const NodeJsExit = named('NodeJsExit');
export const UserCodeSyntaxError = named('UserCodeSyntaxError');

/** String(value), also for what has no such thing, as an object without a prototype. */
function words(value) {
  try {
    return String(value);
  } catch {
    return inspect(value);
  }
}

export class UnhandledPromiseRejection extends named('UnhandledPromiseRejection') {
  constructor(reason, promise) {
    super(reason === undefined ? undefined : words(reason));
    this.reason = reason;
    this.promise = promise;
  }
}

const FOLDER_URL = new URL('.', import.meta.url).href;
const FOLDER = fileURLToPath(FOLDER_URL);

/** A text with this runtime's own files where AWS's runtime has its: the machine's paths are nobody's business. */
export function disguised(text) {
  return text.replaceAll(FOLDER_URL, 'file:///var/runtime/').replaceAll(FOLDER, '/var/runtime/');
}

/** Whether a thrown value is an error, one of another realm (vm, worker) included. */
const isError = (thrown) => types.isNativeError(thrown) || thrown instanceof Error;

/** What was thrown, as an Error. */
export const asError = (thrown) => (isError(thrown) ? thrown : new Error(words(thrown)));

/** {errorType, errorMessage, trace}: the body of an error that is posted to the Runtime API. Never throws. */
export function answer(thrown) {
  try {
    if (!isError(thrown)) return { errorType: typeof thrown, errorMessage: words(thrown), trace: [] };
    return {
      errorType: String(thrown.name),
      errorMessage: String(thrown.message),
      trace: String(thrown.stack).split('\n'),
    };
  } catch {
    // A getter of the error's own that throws.
    const errorMessage =
      'callback called with Error argument, but there was a problem while retrieving one or more of its message, ' +
      'name, and stack';
    return { errorType: 'handled', errorMessage, trace: [] };
  }
}

/** A value for JSON.stringify in which errors, nested ones too, show what they hide: for records in text. */
const shown = (_key, value) =>
  value instanceof Error
    ? {
        errorType: value.name,
        errorMessage: value.message,
        code: value.code,
        ...value,
        ...(typeof value.stack === 'string' && { stack: value.stack.split('\n') }),
      }
    : value;

/** An error as one line of JSON, after a tab: how a text record ends. Never throws. */
export function line(error) {
  try {
    return `\t${JSON.stringify(error, shown)}`;
  } catch {
    return `\t${JSON.stringify(answer(error))}`;
  }
}
