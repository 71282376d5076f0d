import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CommandError } from "./errors";
import { type KeeperAnswer, type KeeperRequest, understood } from "./keeper-door";

/**
 * Asks the keeper of a real environment, with the operator's own AWS credentials.
 *
 * @throws CommandError with the keeper's words, or AWS's
 */
export async function askRealKeeper(
  functionName: string,
  request: KeeperRequest,
  client: Pick<LambdaClient, "send">,
): Promise<KeeperAnswer> {
  const call = new InvokeCommand({
    FunctionName: functionName,
    Payload: Buffer.from(JSON.stringify(request)),
  });
  const { Payload, FunctionError } = await client.send(call).catch((error: Error) => {
    throw new CommandError(`AWS refused to call ${functionName}: ${error.message}`);
  });
  const said = Buffer.from(Payload ?? []).toString();
  // What was asked for is noted first: a round within a minute finishes what failed here.
  if (FunctionError !== undefined)
    throw new CommandError(
      `${functionName} failed (${said.slice(0, 300)}). Its next round tries again; so may you.`,
    );
  return understood(read(said));
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const lambdaIn = (region: string): LambdaClient => new LambdaClient({ region });
