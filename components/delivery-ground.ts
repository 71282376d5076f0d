import * as pulumi from "@pulumi/pulumi";
import type { DeliveryArgs } from "./delivery";
import { gitlabIssuer } from "./gitlab-issuer";
import { githubIssuer } from "./oidc";
import { Places } from "./places";
import { createRepository } from "./repository";
import { smtpSecretOf, webhookSecretOf } from "./workflows/variables";

/** What every part of the delivery stands on. */
export interface Ground {
  /** The name that the parts' names begin with. */
  readonly name: string;
  readonly args: DeliveryArgs;
  readonly parent: pulumi.Resource;
  readonly places: Places;
  /** Who vouches for GitHub's tokens in this account. Nobody where no role is made. */
  readonly issuer: () => pulumi.Output<string>;
  /** Who vouches for GitLab's. */
  readonly gitlabIssuer: () => pulumi.Output<string>;
}

export function groundOf(name: string, args: DeliveryArgs, parent: pulumi.Resource): Ground {
  const home = { name: args.repository, standing: repositoryOf(name, args, { parent }), branch: args.branch };
  return {
    name,
    args,
    parent,
    places: new Places(name, { home, secrets: noticeSecrets(args) }, { parent }),
    issuer: once(() => issuerOf(name, args, parent)),
    gitlabIssuer: once(() => gitlabIssuer(name, args.scope, args.registersIssuer ?? true, { parent })),
  };
}

function repositoryOf(name: string, args: DeliveryArgs, opts: pulumi.CustomResourceOptions) {
  return args.create && args.scope.environment === args.order[0]
    ? createRepository(`${name}-repository`, args.repository, args.visibility ?? "private", opts)
    : pulumi.output(args.repository);
}

/** What every workflow reads to tell that it failed, by the name of the secret. */
function noticeSecrets({ scope: { environment }, webhook, smtp }: DeliveryArgs) {
  return {
    ...(webhook === undefined ? {} : { [webhookSecretOf(environment)]: { role: "webhook", value: webhook } }),
    ...(smtp === undefined ? {} : { [smtpSecretOf(environment)]: { role: "smtp", value: smtp } }),
  };
}

/** It once belonged to the first role that needed it. AWS takes it once, so it moves and is not made anew. */
function issuerOf(name: string, { scope, registersIssuer = true }: DeliveryArgs, parent: pulumi.Resource) {
  const deployment = pulumi.createUrn(`${name}-deploy`, "tandem:delivery:Deployment", parent);
  const roles = pulumi.createUrn(`${name}-deploy-roles`, "tandem:delivery:DeployRoles", deployment);
  const preview = pulumi.createUrn(`${name}-preview`, "tandem:delivery:PreviewRole", parent);
  return githubIssuer(name, scope, registersIssuer, {
    parent,
    aliases: [
      { name: `${name}-deploy-roles-issuer`, parent: roles },
      { name: `${name}-preview-issuer`, parent: preview },
    ],
  });
}

/** What `make` makes, made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
