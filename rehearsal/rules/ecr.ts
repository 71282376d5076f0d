import { type CloudState, isGone } from "../state";
import type { CloudObject, Rule, RuleContext, Rules, World } from "../types";
import { alive, arn, nameOf, regionalId, tagged, text, texts } from "./aws";
import { refuseMalformed } from "./policy-document";

const REPOSITORY = "aws:ecr/repository:Repository";

const repository: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs(ctx, inputs, id) {
    const name = text(inputs.name) ?? id;
    return {
      ...tagged(ctx, inputs),
      name,
      arn: arn(ctx, "ecr", `repository/${name}`),
      registryId: ctx.account,
      repositoryUrl: `${ctx.account}.dkr.ecr.${ctx.region}.amazonaws.com/${name}`,
      imageTagMutability: inputs.imageTagMutability ?? "MUTABLE",
    };
  },
  refuseWrite(ctx, inputs) {
    const exclusive = String(inputs.imageTagMutability ?? "").endsWith("_WITH_EXCLUSION");
    if (inputs.imageTagMutabilityExclusionFilters !== undefined && !exclusive) {
      ctx.refuse(
        "InvalidParameterException",
        "imageTagMutabilityExclusionFilters need imageTagMutability IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION",
      );
    }
  },
  refuseCreate(ctx, inputs) {
    if (repositoryOf(ctx, text(inputs.name) ?? "", ctx.region)) {
      ctx.refuse("RepositoryAlreadyExistsException", `the repository "${inputs.name}" exists already`);
    }
  },
  refuseDelete(ctx, existing) {
    const images = imagesOf(ctx, existing);
    if (images.length === 0 || existing.inputs.forceDelete === true) return;
    ctx.refuse(
      "RepositoryNotEmptyException",
      `${existing.outputs.name} holds ${images.length} image(s): delete them, or set forceDelete`,
    );
  },
};

/** A document about a repository; the registry keeps one of each kind. */
const document: Rule = {
  id: (ctx, inputs) => regionalId(ctx, text(inputs.repository) ?? "repository"),
  outputs: (ctx) => ({ region: ctx.region, registryId: ctx.account }),
  refuseWrite(ctx, inputs) {
    const name = text(inputs.repository);
    if (name !== undefined && repositoryOf(ctx, name, ctx.region) === undefined) {
      ctx.refuse("RepositoryNotFoundException", `there is no repository "${name}"`);
    }
  },
};

const lifecyclePolicy: Rule = {
  ...document,
  refuseCreate(ctx, inputs) {
    if (text(inputs.policy) !== undefined && !isLifecycle(inputs.policy)) {
      ctx.refuse("InvalidParameterException", "a lifecycle policy is a JSON document with rules");
    }
  },
};

const repositoryPolicy: Rule = {
  ...document,
  refuseWrite(ctx, inputs) {
    document.refuseWrite?.(ctx, inputs);
    refuseMalformed(ctx, inputs.policy, "InvalidParameterException");
  },
};

export const rules: Rules = {
  [REPOSITORY]: repository,
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": lifecyclePolicy,
  "aws:ecr/repositoryPolicy:RepositoryPolicy": repositoryPolicy,
};

/**
 * Why an image cannot be pulled; undefined when it can. Images of other registries are taken as there.
 * The application's CI pushes its images into a repository as soon as the repository exists.
 */
export function unpullable(ctx: RuleContext, image: string): string | undefined {
  const parts = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^@:]+)(?:@(.+)|:(.+))?$/.exec(image);
  if (parts === null) return undefined;
  const [, account, region = "", name = "", digest, tag = "latest"] = parts;
  const found = repositoryOf(ctx, name, region);
  if (found === undefined && account === ctx.account)
    return `the repository "${name}" does not exist in ${region}`;
  const images = found ? imagesOf(ctx, found) : (ctx.world.images[name] ?? []);
  return images.includes(digest ?? tag) ? undefined : `${image} was not pushed`;
}

interface Whose {
  readonly account: string;
  readonly region: string;
}

/**
 * The names of an account's registries. One for which the world holds images counts although it is only about to
 * be declared: a rehearsal leaves out the pause in which an application's own workflow fills a new registry.
 */
export function registries(state: CloudState, whose: Whose): readonly string[] {
  const own = registriesOf(state, whose).map(({ outputs }) => String(outputs.name));
  return [...new Set([...own, ...Object.keys(state.world.images)])].sort();
}

/** The digests and tags that a registry holds; undefined where there is no such registry. */
export function imagesIn(
  state: CloudState,
  { name, ...whose }: Whose & { readonly name: string },
): readonly string[] | undefined {
  const own = registriesOf(state, whose).find(({ outputs }) => outputs.name === name);
  return own === undefined ? state.world.images[name] : imagesOf(state, own);
}

const registriesOf = (state: CloudState, { account, region }: Whose) =>
  Object.values(state.objects).filter(
    (o) => o.type === REPOSITORY && o.account === account && o.outputs.region === region && !isGone(o),
  );

function repositoryOf(ctx: RuleContext, name: string, region: string): CloudObject | undefined {
  return alive(ctx, REPOSITORY).find((o) => o.outputs.name === name && o.outputs.region === region);
}

/** Digests and tags in a repository: those of the world, and what a drill or a promotion put into it. */
function imagesOf({ world }: { readonly world: World }, repository: CloudObject): readonly string[] {
  return [...(world.images[String(repository.outputs.name)] ?? []), ...texts(repository.contents?.images)];
}

function isLifecycle(policy: unknown): boolean {
  try {
    return Array.isArray(JSON.parse(String(policy)).rules);
  } catch {
    return false;
  }
}
