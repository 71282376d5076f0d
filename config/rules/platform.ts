import { type Checkable, mistakeAt } from "../checkable";
import type { Mistake } from "../mistakes";
import { shown } from "../mistakes";
import { overlap } from "../values";

/** The project's name, network, databases, regions, releases and reviewers. */
export function platformMistakes(checkable: Checkable): Mistake[] {
  return [projectName, network, databases, regions, releases, reviewers].flatMap((check) => check(checkable));
}

const PROJECT = /^(?=.{1,50}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Everything is named after the project, and each service allows other characters: these suit them all. */
function projectName({ settings: { project } }: Checkable): Mistake[] {
  if (PROJECT.test(project)) return [];
  return [
    {
      file: "Pulumi.yaml",
      path: "name",
      found: shown(project),
      allowed: "at most 50 lower case letters, digits and single hyphens, a letter first",
      remedy: "rename the project before its first up: the keys in front of a colon carry its name as well",
    },
  ];
}

function network(checkable: Checkable): Mistake[] {
  const { applications, databases, network } = checkable.settings;
  const path = ["network", "cidr"];
  if (network === undefined)
    return Object.keys(applications).length + Object.keys(databases).length === 0
      ? []
      : [
          mistakeAt(checkable, ["network"], {
            allowed: "a network for the applications and databases",
            remedy: "add network: { cidr: 10.20.0.0/16 }, another range for each environment",
          }),
        ];
  const { cidr, reserved } = network;
  const mask = Number(cidr.split("/")[1]);
  const wrongSize =
    mask >= 16 && mask <= 22
      ? []
      : [
          mistakeAt(checkable, path, {
            found: shown(cidr),
            allowed: "a range from /16 to /22: a VPC takes no larger one, subnets need no smaller one",
            remedy: "choose a range such as 10.20.0.0/16",
          }),
        ];
  const overlapping = reserved
    .filter((range) => overlap(cidr, range))
    .map((range) =>
      mistakeAt(checkable, path, {
        found: shown(cidr),
        allowed: "a range that overlaps none of network.reserved",
        remedy: `choose another range: it overlaps ${range}`,
      }),
    );
  return [...wrongSize, ...overlapping];
}

function databases(checkable: Checkable): Mistake[] {
  return Object.entries(checkable.settings.databases)
    .filter(([, { storage, maxStorage }]) => maxStorage * 10 < storage * 11)
    .map(([key, { storage, maxStorage }]) =>
      mistakeAt(checkable, ["databases", key, "maxStorage"], {
        found: shown(maxStorage),
        allowed: `at least ${Math.ceil((storage * 11) / 10)} GiB: 10 % over storage, which is ${storage}`,
        remedy: "raise maxStorage or lower storage before the database is created",
      }),
    );
}

function regions(checkable: Checkable): Mistake[] {
  const { region, backupRegion } = checkable.settings;
  if (region !== backupRegion) return [];
  return [
    mistakeAt(checkable, ["backupRegion"], {
      found: shown(backupRegion),
      allowed: `a region other than aws:region, which is ${region}`,
      remedy: "choose a second region: the copy has to survive the loss of the first",
    }),
  ];
}

function releases(checkable: Checkable): Mistake[] {
  const { release, environment, applications, project } = checkable.settings;
  const place = { file: checkable.own, path: `${project}:release` };
  if (environment === "prod" && Object.keys(release).length > 0)
    return [
      {
        ...place,
        allowed: "nothing: production runs what the sandbox's passport names",
        remedy: "remove release here; release in the sandbox, then promote",
      },
    ];
  return Object.keys(release)
    .filter((name) => !Object.hasOwn(applications, name))
    .map((name) => ({
      ...place,
      found: name,
      allowed: `one of the applications: ${Object.keys(applications).join(", ")}`,
      remedy: `rename ${name} or declare the application`,
    }));
}

function reviewers(checkable: Checkable): Mistake[] {
  const { environment, github } = checkable.settings;
  if (environment !== "prod" || github.reviewers.length > 0) return [];
  return [
    mistakeAt(checkable, ["github", "reviewers"], {
      found: "[]",
      allowed: "one to six GitHub logins",
      remedy: "name who approves a promotion to production",
    }),
  ];
}
