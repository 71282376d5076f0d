import { type Checkable, mistakeAt } from "../checkable";
import { FARGATE_MEMORY } from "../fargate";
import type { Mistake } from "../mistakes";
import { shown } from "../mistakes";
import type { ApplicationSettings, ProcessSettings } from "../schema";

/** What an application, its processes and its tasks must not combine. */
export function applicationMistakes(checkable: Checkable): Mistake[] {
  const { applications, schedules, jobs } = checkable.settings;
  return [
    ...Object.entries(applications).flatMap(([key, application]) =>
      oneApplication(checkable, key, application),
    ),
    ...Object.entries({ schedules, jobs }).flatMap(([kind, tasks]) =>
      Object.entries(tasks).flatMap(([key, task]) => size(checkable, [kind, key], task)),
    ),
  ];
}

function oneApplication(checkable: Checkable, key: string, application: ApplicationSettings): Mistake[] {
  const path = ["applications", key];
  return [
    ...Object.entries(application.processes).flatMap(([name, process]) =>
      oneProcess(checkable, [...path, "processes", name], process),
    ),
    ...(Object.keys(application.processes).length > 0
      ? []
      : [
          mistakeAt(checkable, [...path, "processes"], {
            allowed: "at least one process",
            remedy: "declare one; count: 0 is legal",
          }),
        ]),
    ...demoData(checkable, path, application),
    ...editors(checkable, path, application),
    ...sameVariable(checkable, path, application),
  ];
}

function oneProcess(checkable: Checkable, path: readonly PropertyKey[], process: ProcessSettings): Mistake[] {
  const { autoscale, exactlyOne, count } = process;
  const mistakes = size(checkable, path, process);
  if (exactlyOne && (count > 1 || autoscale !== undefined))
    mistakes.push(
      mistakeAt(checkable, [...path, "exactlyOne"], {
        found: autoscale ? "true with autoscale" : `true with count ${count}`,
        allowed: "count 0 or 1 and no autoscale",
        remedy: "set count: 1, or let it run more than once",
      }),
    );
  if (autoscale !== undefined && autoscale.min > autoscale.max)
    mistakes.push(
      mistakeAt(checkable, [...path, "autoscale", "min"], {
        found: shown(autoscale.min),
        allowed: `at most max, which is ${autoscale.max}`,
        remedy: "lower min or raise max",
      }),
    );
  return mistakes;
}

function size(
  checkable: Checkable,
  path: readonly PropertyKey[],
  { cpu, memory }: { readonly cpu: number; readonly memory: number },
): Mistake[] {
  const allowed = FARGATE_MEMORY[cpu] ?? [];
  if (allowed.includes(memory)) return [];
  return [
    mistakeAt(checkable, [...path, "memory"], {
      found: shown(memory),
      allowed: `with cpu ${cpu}: ${allowed.join(", ")} MiB`,
      remedy: "choose one of these, or another cpu",
    }),
  ];
}

function demoData(
  checkable: Checkable,
  path: readonly PropertyKey[],
  { demoData }: ApplicationSettings,
): Mistake[] {
  if (demoData === undefined || checkable.settings.environment === "sandbox") return [];
  return [
    mistakeAt(checkable, [...path, "demoData"], {
      found: "demo data in production",
      allowed: "demo data in the sandbox only",
      remedy: "move demoData to the differences in Pulumi.sandbox.yaml",
    }),
  ];
}

function editors(
  checkable: Checkable,
  path: readonly PropertyKey[],
  application: ApplicationSettings,
): Mistake[] {
  const hosted = Object.values(application.processes).some(({ host }) => host !== undefined);
  if (application.editors === undefined || hosted) return [];
  return [
    mistakeAt(checkable, [...path, "editors"], {
      found: shown(application.editors),
      allowed: "editors of an application that has a host",
      remedy: "give one of its processes a host, or remove editors",
    }),
  ];
}

/** Two sources for one variable: the process would see only one of them. */
function sameVariable(
  checkable: Checkable,
  path: readonly PropertyKey[],
  application: ApplicationSettings,
): Mistake[] {
  const sources = [
    ...Object.keys(application.secrets).map((name) => [name, ["secrets", name]] as const),
    ...Object.entries(application.databases).flatMap(([key, { prefix, url }]) => [
      ...["HOST", "PORT", "NAME", "USER", "PASSWORD"].map(
        (part) => [`${prefix}_${part}`, ["databases", key]] as const,
      ),
      ...(url === undefined ? [] : [[url, ["databases", key, "url"]] as const]),
    ]),
    ...Object.entries(application.buckets).map(([key, variable]) => [variable, ["buckets", key]] as const),
    ...Object.keys(application.variables).map((name) => [name, ["variables", name]] as const),
  ];
  const first = new Map<string, readonly string[]>();
  return sources.flatMap(([name, place]) => {
    const earlier = first.get(name);
    first.set(name, earlier ?? place);
    if (earlier === undefined) return [];
    return [
      mistakeAt(checkable, [...path, ...place], {
        found: name,
        allowed: "one source for each variable",
        remedy: `${earlier.join(".")} sets ${name} already: rename one of them or change its prefix`,
      }),
    ];
  });
}
