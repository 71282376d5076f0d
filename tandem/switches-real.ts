import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyParameter } from "../components/maintenance-pass";
import type { Scope } from "../components/names";
import { run } from "./child";
import { CommandError } from "./errors";
import { type Switches, switchKey } from "./switches";

/** Runs the AWS CLI with these words. */
export type Aws = (words: readonly string[]) => Promise<AwsAnswer>;

export interface AwsAnswer {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The switches of a real environment, through the operator's own AWS CLI: its credentials are nobody else's affair. */
export function realSwitches(bucket: string, scope: Scope, aws: Aws = awsCli): Switches {
  const ask = async (words: readonly string[]) => {
    const answer = await aws([...words, "--region", scope.region]);
    if (answer.code !== 0) throw new Refused(answer.stderr.trim());
    return answer.stdout;
  };
  const at = (application: string) => ["--bucket", bucket, "--key", switchKey(application)];
  return {
    read: (application) =>
      inFile("", async (file) => {
        try {
          await ask(["s3api", "get-object", ...at(application), file]);
          return readFileSync(file, "utf8");
        } catch (error) {
          if (error instanceof Refused && /NoSuchKey/.test(error.message)) return undefined;
          throw error;
        }
      }),
    write: (application, text) =>
      inFile(text, async (file) => {
        const body = ["--body", file, "--content-type", "application/json"];
        await ask(["s3api", "put-object", ...at(application), ...body]);
      }),
    remove: async (application) => {
      await ask(["s3api", "delete-object", ...at(application)]);
    },
    key: async () => {
      const name = ["--name", keyParameter(scope), "--with-decryption"];
      const found = await ask([
        "ssm",
        "get-parameter",
        ...name,
        "--query",
        "Parameter.Value",
        "--output",
        "text",
      ]);
      return found.trim();
    },
  };
}

class Refused extends CommandError {
  constructor(reason: string) {
    super(`AWS refused: ${reason || "it said no reason"}`);
  }
}

async function inFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "switch-"));
  try {
    const file = join(folder, "switch.json");
    writeFileSync(file, text);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function awsCli(words: readonly string[]): Promise<AwsAnswer> {
  const lines: string[] = [];
  const child = run({
    path: "aws",
    words,
    cwd: process.cwd(),
    env: process.env,
    onLine: (line) => lines.push(line),
  });
  try {
    const { code, stderr } = await child.ended;
    return { code, stderr, stdout: lines.join("\n") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new CommandError(
      "--real needs the AWS CLI (aws), and there is none on the PATH. Nothing was touched.",
    );
  }
}
