import assert from "node:assert/strict";
import { test } from "node:test";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { CommandError } from "./errors";
import { askRealKeeper } from "./keeper-real";

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value)) as never;
const START = { do: "start", until: "2026-11-23T21:00:00.000Z" } as const;

function lambda() {
  const client = new LambdaClient({ region: "eu-west-3" });
  return { client, mock: mockClient(client) };
}

test("the function is called with what was asked for, and its answer read", async () => {
  const { client, mock } = lambda();
  mock.on(InvokeCommand).resolves({ Payload: bytes({ awake: true, until: START.until, ready: false }) });
  assert.deepEqual(await askRealKeeper("shop-sandbox-keeper", START, client), {
    awake: true,
    until: START.until,
  });
  const { FunctionName, Payload } = mock.commandCalls(InvokeCommand)[0]?.args[0].input ?? {};
  assert.equal(FunctionName, "shop-sandbox-keeper");
  assert.deepEqual(JSON.parse(Buffer.from((Payload ?? "") as Uint8Array).toString()), START);
});

for (const [what, answer, why] of [
  ["a refusal", { Payload: bytes({ refused: "until is null: an instant" }) }, /^until is null: an instant$/],
  ["nonsense", { Payload: Buffer.from("<html>") as never }, /no answer that can be read/],
  ["nothing", {}, /no answer that can be read/],
  [
    "a failure",
    { FunctionError: "Unhandled", Payload: bytes({ errorMessage: "RDS is busy" }) },
    /RDS is busy.*Its next round tries again/,
  ],
] as const)
  test(`${what} is told in words`, async () => {
    const { client, mock } = lambda();
    mock.on(InvokeCommand).resolves(answer);
    await assert.rejects(
      askRealKeeper("shop-sandbox-keeper", START, client),
      (error: Error) => error instanceof CommandError && why.test(error.message),
    );
  });

test("a call that AWS refuses is an error that names the function", async () => {
  const { client, mock } = lambda();
  mock.on(InvokeCommand).rejects(new Error("not authorized to perform lambda:InvokeFunction"));
  await assert.rejects(
    askRealKeeper("shop-sandbox-keeper", START, client),
    /AWS refused to call shop-sandbox-keeper: not/,
  );
});
