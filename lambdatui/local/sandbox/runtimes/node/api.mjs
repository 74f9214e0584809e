/**
 * A client of the Lambda Runtime API, version 2018-06-01.
 *
 * Source: Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes", and for streams "Building a custom
 * runtime for AWS Lambda", "Response streaming".
 */
import http from 'node:http';

import { answer, disguised } from './errors.mjs';

const ROOT = '/2018-06-01/runtime';
const ERROR_TYPE = 'Lambda-Runtime-Function-Error-Type';
const ERROR_BODY = 'Lambda-Runtime-Function-Error-Body';

/** A text that may be a header's value: what is not printable ASCII is percent-encoded. */
const headerValue = (text) =>
  text.replace(/[^\x20-\x7e]/gu, (other) => Buffer.from(other).toString('hex').toUpperCase().replace(/../g, '%$&'));

/** JSON in a header, which Node.js reads as Latin-1, is UTF-8. */
const headerText = (value) => value && Buffer.from(value, 'latin1').toString();

export class RuntimeApi {
  #options;
  #posted = Promise.resolve();

  /** `address` is host:port, as AWS_LAMBDA_RUNTIME_API has it. */
  constructor(address) {
    const { hostname, port } = new URL(`http://${address}`);
    this.#options = { hostname, port: port || 80, agent: new http.Agent({ keepAlive: true }) };
  }

  /** The next invocation, once there is one. */
  async next() {
    const { status, headers, body } = await this.#ask('GET', '/invocation/next');
    if (status !== 200) throw new Error(`The Runtime API answers ${status} to next: ${body}`);
    return {
      id: headers['lambda-runtime-aws-request-id'],
      deadline: Number(headers['lambda-runtime-deadline-ms']),
      arn: headers['lambda-runtime-invoked-function-arn'],
      trace: headers['lambda-runtime-trace-id'],
      clientContext: headerText(headers['lambda-runtime-client-context']),
      identity: headerText(headers['lambda-runtime-cognito-identity']),
      body,
    };
  }

  /** Posts what the function returned: JSON. An answer that is too large is the API's to report. */
  respond(id, body) {
    return this.#post(`/invocation/${encodeURIComponent(id)}/response`, body, {});
  }

  /** Posts what a function threw; without an id, during its init. */
  fail(id, thrown) {
    const error = answer(thrown);
    const path = id === undefined ? '/init/error' : `/invocation/${encodeURIComponent(id)}/error`;
    return this.#post(path, disguised(JSON.stringify(error)), { [ERROR_TYPE]: headerValue(error.errorType) });
  }

  /** The request that a response stream is written to. It is sent with the first bytes. */
  stream(id) {
    return http.request({
      ...this.#options,
      method: 'POST',
      path: `${ROOT}/invocation/${encodeURIComponent(id)}/response`,
      headers: {
        'Content-Type': 'application/octet-stream',
        'Lambda-Runtime-Function-Response-Mode': 'streaming',
        'Transfer-Encoding': 'chunked',
        Trailer: `${ERROR_TYPE}, ${ERROR_BODY}`,
      },
    });
  }

  /** The trailers that tell of an error in the middle of a stream. */
  static trailers(thrown) {
    const error = answer(thrown);
    return {
      [ERROR_TYPE]: headerValue(error.errorType),
      [ERROR_BODY]: Buffer.from(disguised(JSON.stringify(error))).toString('base64'),
    };
  }

  /** Posts go one after the other: what was answered first counts, also if the process dies right after it. */
  async #post(path, body, headers) {
    const before = this.#posted;
    const mine = before.then(() => this.#ask('POST', path, body, { 'Content-Type': 'application/json', ...headers }));
    this.#posted = mine.catch(() => {});
    const { status, body: text } = await mine;
    if (status >= 500) throw new Error(`The Runtime API answers ${status} to ${path}: ${text}`);
  }

  #ask(method, path, body, headers) {
    return new Promise((resolve, reject) => {
      const request = http.request({ ...this.#options, method, path: ROOT + path, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        );
      });
      request.on('error', (error) => {
        // A kept connection that the other side closed in the meantime; nothing of this request was read.
        const stale = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code);
        if (stale) resolve(this.#ask(method, path, body, headers));
        else reject(error);
      });
      if (body !== undefined) request.setHeader('Content-Length', Buffer.byteLength(body));
      request.end(body);
    });
  }
}
