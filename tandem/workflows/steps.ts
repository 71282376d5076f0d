import { type ActionStep, expression, type RunStep } from "../../components/workflows/workflow";

/** The Node that the project is tested with. */
const NODE = "20";

/** What every job begins with. The job's token is left out of the working copy, where a script could read it. */
export function checkOut(options: { readonly ref?: string; readonly history?: boolean } = {}): ActionStep {
  return {
    name: "Check out",
    uses: "actions/checkout",
    with: {
      "persist-credentials": false,
      ...(options.ref === undefined ? {} : { ref: options.ref }),
      ...(options.history ? { "fetch-depth": "0" } : {}),
    },
    "timeout-minutes": 5,
  };
}

/** Without a cache: one that a pull request filled would be used by what has credentials. */
export const setUpNode: ActionStep = {
  name: "Set up Node",
  uses: "actions/setup-node",
  with: { "node-version": NODE, "package-manager-cache": false },
  "timeout-minutes": 5,
};

/** The command installs what the lock file names when it is first used. */
export const install: RunStep = {
  name: "Install",
  "timeout-minutes": 10,
  run: "npx tandem --help > /dev/null\n",
};

/** The npm package `pulumi` downloads its CLI when it is first used: here, where nothing else waits for it. */
export const fetchPulumi: RunStep = {
  name: "Fetch Pulumi",
  "timeout-minutes": 5,
  run: "npx pulumi version\n",
};

/** From a fresh runner to `npx tandem` and `npx pulumi`. */
export const prepared = (options?: Parameters<typeof checkOut>[0]) =>
  [checkOut(options), setUpNode, install, fetchPulumi] as const;

/** Hands a file to a later job. */
export function keep(file: string): ActionStep {
  return {
    name: `Keep ${file}`,
    id: "keep",
    uses: "actions/upload-artifact",
    with: { name: file, path: file, "if-no-files-found": "error", "retention-days": "7" },
    "timeout-minutes": 3,
  };
}

/** Takes what an earlier job has kept, into the runner's temporary folder. */
export function fetchKept(file: string): ActionStep {
  return {
    name: `Fetch ${file}`,
    uses: "actions/download-artifact",
    with: { name: file, path: expression("runner.temp") },
    "timeout-minutes": 3,
  };
}
