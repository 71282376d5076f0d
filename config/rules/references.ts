import { closest } from "fastest-levenshtein";
import { type Checkable, mistakeAt } from "../checkable";
import type { Mistake } from "../mistakes";
import { shown } from "../mistakes";

/** Whatever is named must be declared. */
export function referenceMistakes(checkable: Checkable): Mistake[] {
  const { applications, databases, buckets, secrets, schedules, jobs, notices, github, sites } =
    checkable.settings;
  const given = Object.keys(secrets).filter((name) => secrets[name]?.kind === "given");
  const check = (path: readonly PropertyKey[], name: string, known: readonly string[], kind: string) =>
    known.includes(name) ? [] : [dangling(checkable, path, name, known, kind)];

  const fromApplications = Object.entries(applications).flatMap(([key, application]) => {
    const path = ["applications", key];
    return [
      ...Object.keys(application.databases).flatMap((name) =>
        check([...path, "databases", name], name, Object.keys(databases), "databases"),
      ),
      ...Object.keys(application.buckets).flatMap((name) =>
        check([...path, "buckets", name], name, Object.keys(buckets), "buckets"),
      ),
      ...Object.entries(application.secrets).flatMap(([variable, name]) =>
        check([...path, "secrets", variable], name, Object.keys(secrets), "secrets"),
      ),
    ];
  });
  const fromTasks = Object.entries({ schedules, jobs }).flatMap(([kind, tasks]) =>
    Object.entries(tasks).flatMap(([key, { application }]) =>
      check([kind, key, "application"], application, Object.keys(applications), "applications"),
    ),
  );
  const fromDatabases = Object.entries(databases).flatMap(([key, { adopt }]) =>
    adopt !== undefined && "instance" in adopt
      ? check(["databases", key, "adopt", "password"], adopt.password, given, "given secrets")
      : [],
  );
  const fromNotices = (["webhook", "smtp"] as const).flatMap((key) => {
    const name = notices[key];
    return name === undefined ? [] : check(["notices", key], name, given, "given secrets");
  });
  const dispatch = github.dispatch;
  const fromGithub =
    dispatch === undefined ? [] : check(["github", "dispatch"], dispatch, given, "given secrets");
  const fromSites = Object.entries(sites).flatMap(([key, { token }]) =>
    token === undefined ? [] : check(["sites", key, "token"], token, given, "given secrets"),
  );
  return [...fromApplications, ...fromTasks, ...fromDatabases, ...fromNotices, ...fromGithub, ...fromSites];
}

function dangling(
  checkable: Checkable,
  path: readonly PropertyKey[],
  name: string,
  known: readonly string[],
  kind: string,
): Mistake {
  const near = known.length > 0 ? closest(name, known) : undefined;
  return mistakeAt(checkable, path, {
    found: shown(name),
    allowed:
      known.length > 0 ? `one of the ${kind}: ${known.join(", ")}` : `one of the ${kind}, and there is none`,
    remedy:
      near === undefined
        ? `declare ${name} under ${kind}`
        : `did you mean ${near}? otherwise declare ${name}`,
  });
}
