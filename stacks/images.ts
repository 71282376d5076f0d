import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../components/names";
import type { Passport } from "../components/passport";
import type { Mistake } from "../config/mistakes";
import type { Settings } from "../config/settings";

/**
 * The images of a release that production's registries do not hold: its tasks could not start. Asked in lists, which
 * answer for what is not there too. What is switched off runs nothing yet: so begins the first `up`, which makes the
 * registries. Where the stack's own workflow promotes, it copies the images after somebody has approved what a preview
 * shows: that preview tells of them, and only the `up` refuses.
 */
export async function missingImages(
  { release }: Pick<Passport, "release">,
  settings: Settings,
): Promise<readonly Mistake[]> {
  const runs = ([application]: [string, string]) =>
    settings.enabled && settings.applications[application]?.enabled === true;
  const wanted = Object.entries(release).filter(runs);
  if (wanted.length === 0) return [];
  const { names } = await aws.ecr.getRepositories({});
  const found = await Promise.all(
    wanted.map(async ([application, digest]) => {
      const registry = physicalName(settings, application, 256);
      if (!names.includes(registry)) return [noRegistry(settings, application, registry, digest)];
      const { imageIds } = await aws.ecr.getImages({ repositoryName: registry });
      const held = imageIds.some(({ imageDigest }) => imageDigest === digest);
      return held ? [] : [noImage(settings, application, registry, digest)];
    }),
  );
  const missing = found.flat();
  if (settings.github.stack === undefined || !pulumi.runtime.isDryRun()) return missing;
  for (const { path, found: lacks, remedy } of missing)
    pulumi.log.warn(`${path}: ${lacks}. Before the up: ${remedy}`);
  return [];
}

/** The workflow that copies images. */
const copying = ({ repository, stack }: Settings["github"]) =>
  stack === undefined ? `the production workflow of ${repository}` : `the workflow up prod of ${stack}`;

const FILE = "production's registries";

const noImage = ({ github }: Settings, application: string, registry: string, digest: string): Mistake => ({
  file: FILE,
  path: registry,
  found: `no image ${digest}`,
  allowed: `the image of ${application} that the sandbox proved`,
  remedy: `run ${copying(github)}, which copies the image, then this again`,
});

const noRegistry = (
  { github }: Settings,
  application: string,
  registry: string,
  digest: string,
): Mistake => ({
  file: FILE,
  path: registry,
  found: `no such registry, so no image ${digest}`,
  allowed: `the image of ${application} that the sandbox proved`,
  remedy:
    `an up with applications.${application}.enabled: false among production's differences makes the registry, ` +
    `${copying(github)} fills it, then this again without it`,
});
