import { writeFileSync } from "node:fs";
import type { Props } from "../rehearsal/types";
import { InProcess } from "../tandem/in-process";
import { openProject } from "../tandem/project";
import { variant } from "../tandem/variant";
import { isResource } from "../tandem/way";
import { failOn, measured } from "./measured";
import { recordingOf } from "./recording";

/**
 * A child of the measurement: plans the sandbox of oc-pizza, with so many processes more, from configuration.
 * With a file as second argument it also records there what the plan registers.
 */
async function main([extra = "0", file]: readonly string[]): Promise<void> {
  const names = Array.from({ length: Number(extra) }, (_, index) => `worker-${index}`);
  const processes = Object.fromEntries(names.map((name) => [name, { command: `work ${name}` }]));
  const project = variant(openProject("oc-pizza"), { shared: { applications: { web: { processes } } } });
  const way = new InProcess(project);
  if (file !== undefined) {
    const { cloud } = way.memory;
    const said = new Map<string, Props>();
    const check = cloud.check.bind(cloud);
    cloud.check = (request) => {
      said.set(request.urn, request.news);
      return check(request);
    };
    failOn((await way.run("sandbox", "up")).failures);
    writeFileSync(file, JSON.stringify(recordingOf(way.memory, said)));
    return;
  }
  await measured(async () => {
    const { failures, steps } = await way.run("sandbox", "preview");
    failOn(failures);
    return steps.filter(isResource).length;
  });
}

void main(process.argv.slice(2));
