import { stepOf } from "./site-parts";
import type { Script } from "./site-scripts";

/** Each variable as a word for bash. */
type Words = Readonly<Record<string, string>>;

/** A text that bash takes as it is. */
export const literal = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A script as GitHub's runner would run it, with those of the variables that it reads. */
export const shell = (script: Script, variables: Words = {}): string =>
  inShell(script.name, script.run, stepOf(script, variables).env);

/**
 * Lines of a job on GitLab that run a script in a shell of its own, which ends with the first command that fails. GitLab
 * runs all lines of a job in one shell: a script that ends early would end the job, and the job would be green. What
 * the script starts may read its standard input: the script itself comes another way.
 */
export function inShell(name: string, run: string, variables: Words = {}): string {
  const end = unused(run);
  const given = Object.entries(variables).map(([variable, word]) => `${variable}=${word} \\\n`);
  return `# ${name}\n${given.join("")}bash -eo pipefail /dev/fd/3 3<<'${end}'\n${forGitlab(run)}${end}\n`;
}

/** A line that the script does not have. */
function unused(run: string): string {
  const lines = run.split("\n");
  let end = "END";
  while (lines.includes(end)) end += "_";
  return end;
}

/** What GitHub shows as an error is a line like others here. */
const forGitlab = (run: string): string => run.replaceAll("::error::", "");

/** Installs what is missing: an image has it or not, and a runner without images always. */
export const install = (packages: Words): string =>
  inShell(
    "Install what is missing",
    `\
for command in ${Object.keys(packages).join(" ")}; do
  if command -v "$command" > /dev/null; then continue; fi
  apt-get update --quiet=2
  apt-get install --yes --quiet=2 --no-install-recommends ca-certificates ${Object.values(packages).join(" ")} > /dev/null
  break
done
`,
  );
