/**
 * The console, as Lambda has it: each call is one record with the time, the request and the level.
 *
 * Formats: Lambda Developer Guide, "Log and monitor Node.js Lambda functions". Frames: the layout that awslambdaric
 * documents (FramedTelemetryLogSink).
 */
import { writeSync } from 'node:fs';
import { format } from 'node:util';

import { asError, disguised, line } from './errors.mjs';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const METHODS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
};
const FRAME = 0xa55a0003;
const FRAME_HEADER = 16;

const json = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';

let request;

/** From now on records are this request's. */
export function setRequest(id) {
  request = id;
}

/** Every byte to a descriptor, now: the process may be frozen or killed at any time. */
function writeWhole(descriptor, bytes) {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if (error.code !== 'EAGAIN') return; // nobody reads any more: the function runs on
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** A record as a frame: type, length of the message, microseconds since the epoch, message. Big-endian. */
function framed(record) {
  const message = Buffer.from(record);
  const frame = Buffer.allocUnsafe(FRAME_HEADER + message.length);
  frame.writeUInt32BE(FRAME, 0);
  frame.writeUInt32BE(message.length, 4);
  frame.writeBigUInt64BE(BigInt(Date.now()) * 1000n, 8);
  message.copy(frame, FRAME_HEADER);
  return frame;
}

function text(level, parameters) {
  return `${new Date().toISOString()}\t${request}\t${level}\t${format(...parameters)}`;
}

const shown = (_key, value) =>
  value instanceof Error
    ? {
        errorType: value.constructor?.name ?? 'UnknownError',
        errorMessage: value.message,
        stackTrace: typeof value.stack === 'string' ? value.stack.split('\n') : value.stack,
        ...value,
      }
    : value;

function object(level, parameters) {
  const record = { timestamp: new Date().toISOString(), level, requestId: request };
  if (parameters.length === 1) {
    try {
      return JSON.stringify({ ...record, message: parameters[0] }, shown);
    } catch {
      return JSON.stringify({ ...record, message: format(parameters[0]) }); // it has cycles, or a BigInt
    }
  }
  record.message = format(...parameters);
  const error = parameters.find((parameter) => parameter instanceof Error);
  if (error) {
    record.errorType = error.constructor?.name ?? 'UnknownError';
    record.errorMessage = error.message;
    record.stackTrace = typeof error.stack === 'string' ? error.stack.split('\n') : [];
  }
  return JSON.stringify(record);
}

/** Replaces the console's methods. To be called once, before any code of the function. */
export function patchConsole() {
  const descriptor = process.env._LAMBDA_TELEMETRY_LOG_FD;
  delete process.env._LAMBDA_TELEMETRY_LOG_FD;
  const least = json ? LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()) : -1;
  const write = descriptor
    ? (record) => writeWhole(Number(descriptor), framed(json ? record : `${record}\n`))
    : // Lines end at \n here; with \r a record of several lines stays one, and shows as several in the console.
      (record) => process.stdout.write(`${json ? record : record.replaceAll('\n', '\r')}\n`);
  for (const [method, level] of Object.entries(METHODS)) {
    console[method] =
      LEVELS.indexOf(level) < least
        ? () => {}
        : (...parameters) => write(disguised(json ? object(level, parameters) : text(level, parameters)));
  }
}

/** The runtime's own record of an error: what happened, then the error as JSON. In JSON the error is the message. */
export function logError(what, thrown) {
  const error = asError(thrown);
  if (json) console.error(error);
  else console.error(what, line(error));
}
