/** The context object. Lambda Developer Guide, "Using the Lambda context object to retrieve Node.js function information". */
function parsed(json, name) {
  if (!json) return undefined;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}

/** `behaviour` (what a style of handler adds) with what is known of the invocation. */
export function contextOf(invocation, behaviour) {
  const { env } = process;
  return Object.assign(behaviour, {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed(invocation.clientContext, 'ClientContext'),
    identity: parsed(invocation.identity, 'CognitoIdentity'),
    invokedFunctionArn: invocation.arn,
    awsRequestId: invocation.id,
    getRemainingTimeInMillis: () => invocation.deadline - Date.now(),
  });
}
