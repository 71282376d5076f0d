import { closest } from "fastest-levenshtein";
import { pathName, physicalName } from "../../components/names";
import { commandLog, commandRole } from "../../components/release/policy";
import type { Settings } from "../../config/settings";
import { CommandError, EXIT } from "../errors";
import { scopeOf, servicesOf } from "./environment";

/** What a command would run in. */
export interface Place {
  readonly cluster: string;
  /** A service of the application: its subnets and groups are the task's as well. */
  readonly serviceName: string;
  /** The task family. */
  readonly family: string;
  readonly logGroup: string;
}

/**
 * Where a one-off command of an application runs: as its release command does, where it has one, otherwise as its
 * largest process.
 *
 * @throws CommandError with what was probably meant
 */
export function placeOf(settings: Settings, asked: string): Place {
  const scope = scopeOf(settings);
  const application = applicationOf(settings, asked);
  const { processes, release } = settings.applications[application] as Settings["applications"][string];
  const [largest] = Object.entries(processes).sort(([, a], [, b]) => b.memory - a.memory || b.cpu - a.cpu);
  const service = servicesOf(settings).find(
    (each) => each.application === application && each.process === largest?.[0],
  );
  if (service === undefined)
    throw new CommandError(`Application ${application} has no process, so there is nothing to run it in.`);
  return {
    cluster: physicalName(scope, "", 255),
    serviceName: service.serviceName,
    ...(release === undefined
      ? { family: service.serviceName, logGroup: pathName(scope, application, service.process) }
      : {
          family: physicalName(scope, commandRole("release", application), 255),
          logGroup: pathName(scope, ...commandLog("release", application)),
        }),
  };
}

/** @throws CommandError with what was probably meant */
export function applicationOf({ applications, environment }: Settings, asked: string): string {
  const all = Object.keys(applications).sort();
  if (all.includes(asked)) return asked;
  throw new CommandError(
    all.length === 0
      ? `${environment} has no application.`
      : `There is no application ${asked}. Did you mean ${closest(asked, all)}? There are: ${all.join(", ")}.`,
    EXIT.usage,
  );
}
