import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job, RunStep, Step } from "./workflow";

export const stepsOf = (job: Job | undefined): readonly Step[] => job?.steps ?? [];

export const step = (job: Job | undefined, name: string) =>
  stepsOf(job).find((one) => one.name === name) as RunStep | undefined;

/** For tests: a runner's temporary folder, which the steps of a job share. */
export const runnerFolder = () => mkdtempSync(join(tmpdir(), "step-"));

/** Runs a step's script as a runner does, with stand-ins for commands; returns what it left behind. */
export function runStep(
  found: RunStep | undefined,
  env: Record<string, string>,
  commands: Record<string, string> = {},
  folder = runnerFolder(),
) {
  const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  for (const [name, body] of Object.entries(commands))
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${body}\n`, { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", found?.run ?? "exit 99"],
    {
      encoding: "utf8",
      cwd: folder,
      env: { PATH: `${folder}:${process.env.PATH}`, RUNNER_TEMP: folder, ...files, ...env },
    },
  );
  const read = (file: string) => readFileSync(file, "utf8");
  return {
    status,
    stdout,
    stderr,
    output: read(files.GITHUB_OUTPUT),
    summary: read(files.GITHUB_STEP_SUMMARY),
  };
}
