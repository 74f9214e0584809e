/** Invocations, one after the other: the ways in which a handler may answer, and what becomes of what it throws. */
import { contextOf } from './context.mjs';
import { NodeJsExit } from './errors.mjs';
import { whenIdle } from './idle.mjs';
import { logError, setRequest } from './logs.mjs';
import { ResponseStream, streams } from './streaming.mjs';

const UNSETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that ' +
  'was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

const isPromise = (value) => typeof value?.then === 'function';

/** Whether a function is declared async; one that merely returns a promise is not. */
export const isAsync = (handler) => handler.constructor?.name === 'AsyncFunction';

function serialised(result) {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

function setTrace(trace) {
  if (trace === undefined) delete process.env._X_AMZN_TRACE_ID;
  else process.env._X_AMZN_TRACE_ID = trace;
}

// Called as a method of something named so, a handler appears in stack traces as it does in AWS: "at Runtime.handler".
export class Runtime {
  #api;
  #lost;
  #streaming;

  /** The request that is worked on, or was last; undefined during init. */
  id;

  /** `lost` is called with the error once the Runtime API cannot be reached. */
  constructor(api, handler, lost) {
    this.#api = api;
    this.handler = handler;
    this.#lost = lost;
    this.#streaming = streams(handler);
  }

  /** Takes the next invocation. Returns at once. */
  next = () => {
    this.#run().catch(this.#lost);
  };

  /** Posts, then takes the next invocation. */
  #then(posted) {
    posted.then(this.next, this.#lost);
  }

  async #run() {
    const invocation = await this.#api.next();
    this.id = invocation.id;
    setRequest(invocation.id);
    setTrace(invocation.trace);
    if (this.#streaming) await this.#stream(invocation);
    else this.#call(invocation);
  }

  #call(invocation) {
    const { context, callback, giveUp } = this.#answers(invocation.id);
    whenIdle(giveUp);
    try {
      const result = this.handler(JSON.parse(invocation.body), contextOf(invocation, context), callback);
      if (isPromise(result)) Promise.resolve(result).then(context.succeed, context.fail).catch(context.fail);
    } catch (error) {
      callback(error);
    }
  }

  /** The ways to answer a request. The first that works counts, the others do nothing. */
  #answers(id) {
    let waits = true;
    let answered = false;
    const once =
      (answer) =>
      (...values) => {
        if (answered) return;
        answer(...values);
        answered = true;
      };
    const respond = (result) => this.#then(this.#api.respond(id, serialised(result)));
    const throws = (thrown) => {
      logError('Invoke Error', thrown);
      this.#then(this.#api.fail(id, thrown));
    };
    const done = (thrown, result) => {
      if (thrown !== undefined && thrown !== null) throws(thrown);
      else respond(result);
    };
    const callback = (thrown, result) => {
      if ((thrown !== undefined && thrown !== null) || !waits) done(thrown, result);
      // Others that wait for the empty loop may still have something to do in it.
      else whenIdle(() => setImmediate(respond, result));
    };
    const context = {
      get callbackWaitsForEmptyEventLoop() {
        return waits;
      },
      set callbackWaitsForEmptyEventLoop(value) {
        waits = value;
      },
      succeed: once((result) => done(null, result)),
      fail: once((thrown) => done(thrown ?? 'handled')),
      done: once(done),
    };
    const giveUp = once(() => done(isAsync(this.handler) ? new NodeJsExit(UNSETTLED) : null));
    return { context, callback: once(callback), giveUp };
  }

  async #stream(invocation) {
    const stream = new ResponseStream(() => this.#api.stream(invocation.id), this.handler);
    const context = { callbackWaitsForEmptyEventLoop: true };
    try {
      const result = this.handler(JSON.parse(invocation.body), stream, contextOf(invocation, context));
      // AWS's runtime reports a string, not an error.
      if (!isPromise(result)) throw 'Streaming does not support non-async handlers.';
      if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.');
      await stream.delivered;
    } catch (thrown) {
      logError('Invoke Error', thrown);
      if (!(await stream.fail(thrown))) await this.#api.fail(invocation.id, thrown);
    }
    if (context.callbackWaitsForEmptyEventLoop) whenIdle(() => setImmediate(this.next));
    else this.next();
  }
}
