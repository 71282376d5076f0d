import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { TrustedRepository } from "./oidc";

/** The number of a GitHub user or organisation: a login can pass to somebody else, a number cannot. */
export function userId(login: string, parent: pulumi.Resource): pulumi.Output<string> {
  return github.getUserOutput({ username: login }, { parent }).id;
}

/** A repository that this stack does not manage: it is asked for its number, and it has to exist. */
export function standingRepository(
  owner: string,
  repository: string,
  parent: pulumi.Resource,
): pulumi.Output<TrustedRepository> {
  const standing = github.getRepositoryOutput({ fullName: `${owner}/${repository}` }, { parent });
  return pulumi.output({
    owner,
    ownerId: userId(owner, parent),
    repository,
    repositoryId: standing.repoId.apply(String),
  });
}
