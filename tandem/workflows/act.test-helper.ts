import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expression } from "../../components/workflows/workflow";
import { linter } from "./linters.test-helper";

/** The program that runs workflows on this machine, or why it cannot. */
export const act = linter("act", "go install github.com/nektos/act@v0.2.89");

/** What a run is made from. Actions and clouds are stand-ins; jobs, conditions and scripts are the workflow's own. */
export interface Rehearsal {
  /** The workflow as it stands in the repository. */
  readonly workflow: string;
  /** The event that starts it, with its inputs or payload. @default push */
  readonly event?: { readonly name: string; readonly payload?: object };
  /** Files of the repository, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Scripts that stand in for programs, by name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Scripts that stand in for actions, by name without its commit. @default it says that it ran */
  readonly actions?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Outcome {
  /** Whether the run is green. */
  readonly green: boolean;
  /** Names of the jobs that ran, with how each ended. */
  readonly jobs: Readonly<Record<string, "success" | "failure">>;
  /** What the jobs wrote into the run's summary. */
  readonly summary: string;
  readonly log: string;
}

const IN_WORDS = ["ubuntu-24.04", "ubuntu-24.04-arm"].flatMap((label) => ["-P", `${label}=-self-hosted`]);

/** Runs a workflow in a repository of its own. */
export async function run(rehearsal: Rehearsal): Promise<Outcome> {
  if ("skip" in act) throw new Error(act.skip);
  const folder = mkdtempSync(join(tmpdir(), "act-"));
  try {
    const repository = repositoryOf(rehearsal, folder);
    const { name, payload } = { payload: {}, ...(rehearsal.event ?? { name: "push" }) };
    const event = written(join(folder, "event.json"), JSON.stringify(payload));
    const words = [
      ...[name, "-W", WORKFLOW, "--eventpath", event, "--no-skip-checkout", "--no-cache-server", "--json"],
      ...IN_WORDS,
      ...pairs("--local-repository", standIns(rehearsal, folder)),
      ...pairs("--var", rehearsal.variables),
      ...pairs("--secret", rehearsal.secrets),
      ...pairs("--env", { KEPT: join(folder, "kept"), SOURCE: repository, ...rehearsal.env }),
    ];
    const path = [programsOf(rehearsal, folder), process.env.PATH].join(delimiter);
    return outcome(await output(act.path, words, repository, { ...process.env, PATH: path, HOME: folder }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const WORKFLOW = ".github/workflows/rehearsed.yml";

function repositoryOf({ workflow, files = {} }: Rehearsal, folder: string): string {
  const repository = join(folder, "repository");
  for (const [path, text] of Object.entries({ ...files, [WORKFLOW]: workflow }))
    written(join(repository, path), text);
  const git = (...words: string[]) => spawnSync("git", words, { cwd: repository });
  git("init", "--quiet", "--initial-branch=main", ".");
  git("remote", "add", "origin", "https://github.com/acme/shop.git");
  git("add", "--all");
  git("-c", "user.name=somebody", "-c", "user.email=somebody@shop.example", "commit", "--quiet", "-m", "all");
  return repository;
}

/** Every action that the workflow names, at its commit, as a folder with a script. */
function standIns({ workflow, actions = {} }: Rehearsal, folder: string): Record<string, string> {
  const used = [
    ...new Set([...workflow.matchAll(/uses: ([\w./-]+)@([0-9a-f]{40})/g)].map(([, ...of]) => of)),
  ];
  return Object.fromEntries(
    used.map(([action = "", commit]) => {
      const [owner, repository, ...below] = action.split("/");
      const at = join(folder, "actions", `${owner}-${repository}`);
      const script = actions[action] ?? KEEPING[action] ?? `echo "${action} ran"`;
      const env = {
        ACTION: action,
        INPUT_NAME: expression("inputs.name"),
        INPUT_PATH: expression("inputs.path"),
      };
      const steps = [{ id: "it", shell: "bash", run: `${FAILING}${script}`, env }];
      const outputs = {
        digest: { value: expression("steps.it.outputs.digest") },
        "artifact-id": { value: "1" },
      };
      const inputs = Object.fromEntries(["name", "path"].map((input) => [input, { required: false }]));
      written(
        join(at, ...below, "action.yml"),
        JSON.stringify({ name: action, inputs, outputs, runs: { using: "composite", steps } }),
      );
      return [`${owner}/${repository}@${commit}`, at];
    }),
  );
}

/** The one that is named in FAILS does. */
const FAILING = 'if [ "$FAILS" = "$ACTION" ]; then echo "$ACTION fails"; exit 1; fi\n';

/** What these do, jobs rely on. */
const KEEPING: Readonly<Record<string, string>> = {
  "actions/checkout": 'cp -r "$SOURCE/." "$GITHUB_WORKSPACE/"',
  "actions/upload-artifact": `mkdir -p "$KEPT/$INPUT_NAME" && cp -r $INPUT_PATH "$KEPT/$INPUT_NAME/"`,
  "actions/download-artifact": `mkdir -p "$INPUT_PATH" && cp -r "$KEPT/$INPUT_NAME/." "$INPUT_PATH/"`,
};

function programsOf({ programs = {} }: Rehearsal, folder: string): string {
  for (const [name, script] of Object.entries(programs))
    written(join(folder, "bin", name), `#!/usr/bin/env bash\n${script}`, 0o755);
  return join(folder, "bin");
}

function written(path: string, text: string, mode = 0o644): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
  return path;
}

const pairs = (word: string, values: Readonly<Record<string, string>> = {}) =>
  Object.entries(values).flatMap(([key, value]) => [word, `${key}=${value}`]);

function output(program: string, words: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  return new Promise<{ status: number | null; text: string }>((resolve, reject) => {
    const child = spawn(program, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        text += chunk;
      });
    child.on("error", reject).on("close", (status) => resolve({ status, text }));
  });
}

/** A line of act's own. */
interface Said {
  readonly jobID?: string;
  readonly jobResult?: "success" | "failure";
  readonly command?: string;
  readonly content?: string;
}

function outcome({ status, text }: { status: number | null; text: string }): Outcome {
  const jobs: Record<string, "success" | "failure"> = {};
  let summary = "";
  for (const line of text.split("\n").filter((one) => one.startsWith("{"))) {
    const said = JSON.parse(line) as Said;
    if (said.jobID && said.jobResult) jobs[said.jobID] = said.jobResult;
    if (said.command === "summary") summary += said.content ?? "";
  }
  return { green: status === 0, jobs, summary, log: text };
}

/** A webhook on this machine that keeps what it is told. */
export async function receiver(answers: (nth: number) => number = () => 200) {
  const told: unknown[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      asked += 1;
      const status = answers(asked);
      if (status < 300) told.push(JSON.parse(body));
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    /** What it took, in order. */
    told,
    /** How often it was asked. */
    asked: () => asked,
    close: () => server.close(),
  };
}
