import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";

/** A file that the stack keeps in somebody's repository. */
export interface CommittedFile {
  /** Its path in the repository. */
  readonly file: string;
  readonly content: string;
  /** What the commit says it is: `<what> as tandem declares it`. */
  readonly what: string;
}

/**
 * The files that this stack commits to one branch of one repository. GitHub takes one commit at a time
 * (pulumi-github#2909), so each waits for the one before.
 */
export class Commits {
  private readonly made: github.RepositoryFile[] = [];

  constructor(
    /** The repository's name without its owner. */
    public readonly repository: pulumi.Input<string>,
    public readonly branch: string,
  ) {}

  /** Every file so far, in the order of its commit. */
  get files(): readonly github.RepositoryFile[] {
    return this.made;
  }

  /** Commits a file, or takes over the one that stands there. */
  add(
    name: string,
    { file, content, what }: CommittedFile,
    opts: { parent: pulumi.Resource; dependsOn?: readonly pulumi.Resource[] },
  ): github.RepositoryFile {
    const { parent, dependsOn = [] } = opts;
    const commit = new github.RepositoryFile(
      name,
      {
        repository: this.repository,
        branch: this.branch,
        file,
        content,
        // Without the mark the commit of a workflow would start it.
        commitMessage: `${what} as tandem declares it [skip ci]`,
      },
      { parent, dependsOn: [...dependsOn, ...this.made.slice(-1)] },
    );
    this.made.push(commit);
    return commit;
  }
}
