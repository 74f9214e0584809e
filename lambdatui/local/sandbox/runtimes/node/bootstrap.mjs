/**
 * The Node.js runtime: `node bootstrap.mjs`, with AWS's variables in the environment.
 *
 * Behaves as AWS's nodejs20.x and nodejs22.x do. Needs Node.js >= 18 and nothing else. Where it knowingly differs:
 * the AWS SDK is not part of it; there is no X-Ray.
 */
import { RuntimeApi } from './api.mjs';
import { CallbackHandlerDeprecated, UnhandledPromiseRejection } from './errors.mjs';
import { load } from './handler.mjs';
import { logError, patchConsole } from './logs.mjs';
import { Runtime, isAsync } from './runtime.mjs';
import { awslambda, streams } from './streaming.mjs';

const { env } = process;
const api = new RuntimeApi(env.AWS_LAMBDA_RUNTIME_API);
let runtime;

/** Nobody is there to work for, or to tell. */
function lost(error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

/** Tells of an error that no handler answered with, and ends the process: its state is unknown. */
function die(what, error, code) {
  logError(what, error);
  const exit = () => process.exit(code);
  api.fail(runtime?.id, error).then(exit, exit);
}

const crash = (error) => die('Uncaught Exception', error, 129);

/** nodejs24.x refuses handlers with a callback; the older ones say so, in the words of AWS's record. */
function judgeCallback(handler) {
  if (handler.length < 3 || isAsync(handler) || streams(handler)) return;
  if (env.AWS_EXECUTION_ENV === 'AWS_Lambda_nodejs24.x') {
    throw new CallbackHandlerDeprecated(
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to ' +
        'modify this function to use a supported handler signature to use Node.js 24 or later. For more information see ' +
        'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
    );
  }
  if (handler.length === 3 && env.AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING === undefined) {
    console.warn(
      'AWS Lambda plans to remove support for callback-based function handlers starting with Node.js 24. You will need ' +
        'to update this function to use an async handler to use Node.js 24 or later. For more information and to provide ' +
        'feedback on this change, see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/137. To ' +
        'disable this warning, set the AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING environment variable.',
    );
  }
}

patchConsole();
process.on('uncaughtException', crash);
process.on('unhandledRejection', (reason, promise) =>
  die('Unhandled Promise Rejection', new UnhandledPromiseRejection(reason, promise), 128),
);
globalThis.awslambda = awslambda;

try {
  const handler = await load(env.LAMBDA_TASK_ROOT, env._HANDLER);
  judgeCallback(handler);
  runtime = new Runtime(api, handler, lost);
  runtime.next();
} catch (error) {
  crash(error);
}
