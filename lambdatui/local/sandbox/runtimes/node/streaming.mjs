/** Response streams: what a function sees as `awslambda`, and the stream that its handler gets. */
import { Writable } from 'node:stream';

import { RuntimeApi } from './api.mjs';
import { InvalidStreamingOperation, MalformedStreamingHandler } from './errors.mjs';

// Where AWS's types and wrappers of handlers (Middy, Powertools, tracers) look and what they copy.
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
const PRELUDE_END = Buffer.alloc(8);

/** Whether a handler streams its response. */
export function streams(handler) {
  const mode = handler[STREAMING];
  if (mode === undefined || mode === null || mode === false) return false;
  if (mode !== 'response') throw new MalformedStreamingHandler('Only response streaming is supported.');
  return true;
}

const LONGEST_TIMER = 2 ** 31 - 1;

/** The body of one response. Its bytes go to the Runtime API as they are written. */
export class ResponseStream extends Writable {
  #open;
  #request;
  #contentType;
  #prelude;
  #thrown;
  #begun = false;
  #settle;

  /** Settles when the Runtime API has the whole response; rejects if the stream was broken off. */
  delivered;

  /** `open` makes the request: with the first bytes, so that what fails before them can be told in the usual way. */
  constructor(open, handler) {
    super({ highWaterMark: handler[HIGH_WATER_MARK] });
    this.#open = open;
    // A response that nobody ends lasts until the time is up; an empty event loop does not end it.
    const alive = setInterval(() => {}, LONGEST_TIMER);
    this.delivered = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    }).finally(() => clearInterval(alive));
    this.delivered.catch(() => {}); // the handler may fail before anybody waits for it
    this.on('error', () => {}); // `delivered` tells of it
  }

  setContentType(type) {
    if (this.#begun) throw new InvalidStreamingOperation('Cannot set content-type, too late.');
    this.#contentType = type;
  }

  /** `metadata` (statusCode, headers, cookies) goes before the body. */
  setPrelude(metadata) {
    this.setContentType(PRELUDE_TYPE);
    this.#prelude = Buffer.concat([Buffer.from(JSON.stringify(metadata)), PRELUDE_END]);
  }

  // In AWS too the prelude goes out with the first write(), and is lost where end() is all that is called.
  write(chunk, ...rest) {
    if (!this.#begun) {
      this.#begun = true;
      if (this.#prelude) super.write(this.#prelude);
    }
    const bytes = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk);
    return super.write(bytes, ...rest);
  }

  #begin() {
    if (this.#request) return this.#request;
    const { resolve, reject } = this.#settle;
    const request = this.#open();
    if (this.#contentType !== undefined) request.setHeader('Content-Type', this.#contentType);
    request.on('response', (response) => response.on('end', resolve).on('error', reject).resume());
    request.on('error', (error) => this.destroy(error));
    request.on('close', () => reject(new Error('The connection was closed before the response was taken.')));
    this.#request = request;
    return request;
  }

  _write(chunk, _encoding, done) {
    this.#begin().write(chunk, done);
  }

  _final(done) {
    const request = this.#begin();
    if (this.#thrown) request.addTrailers(RuntimeApi.trailers(this.#thrown.value));
    request.end(done);
  }

  _destroy(error, done) {
    if (!this.writableFinished) {
      this.#request?.destroy();
      this.#settle.reject(error ?? new Error('Response stream is not finished.'));
    }
    done(error);
  }

  /** Ends the stream with an error. False if the stream cannot tell of it: nothing was sent yet, or it is broken off. */
  async fail(thrown) {
    if (!this.#request && !this.writableEnded) {
      this.destroy();
    } else if (!this.writableEnded && !this.destroyed) {
      this.#thrown = { value: thrown };
      this.end();
    }
    return this.delivered.then(
      () => true,
      () => false,
    );
  }
}

/** The global `awslambda`. */
export const awslambda = {
  streamifyResponse(handler, options) {
    handler[STREAMING] = 'response';
    if (options?.highWaterMark) handler[HIGH_WATER_MARK] = Number.parseInt(options.highWaterMark, 10);
    return handler;
  },
  HttpResponseStream: class HttpResponseStream {
    static from(stream, metadata) {
      stream.setPrelude(metadata);
      return stream;
    }
  },
};
