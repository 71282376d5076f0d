import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";

/** A file that the stack keeps in somebody's repository. */
export interface CommittedFile {
  /** Its path in the repository. */
  readonly file: string;
  readonly content: string;
  /** What the commit says it is, `<what> as tandem declares it`: of a workflow, its name. */
  readonly what: string;
}

const WORKFLOWS = ".github/workflows/";

/**
 * The files that this stack commits to one branch of one repository. GitHub takes one commit at a time
 * (pulumi-github#2909), so each waits for the one before.
 */
export class Commits {
  private readonly made: github.RepositoryFile[] = [];
  private readonly named: { readonly name: string; readonly file: string }[] = [];

  constructor(
    /** The repository's name without its owner. */
    public readonly repository: pulumi.Input<string>,
    public readonly branch: string,
  ) {}

  /** Every file so far, in the order of its commit. */
  get files(): readonly github.RepositoryFile[] {
    return this.made;
  }

  /** Every workflow so far: what GitHub calls it, and where it stands. */
  get workflows(): readonly { readonly name: string; readonly file: string }[] {
    return this.named;
  }

  /**
   * Commits a file. A workflow under one of tandem's names replaces what stands there: two files cannot deploy one
   * environment. Any other file that stands there already is somebody's, and GitHub's provider refuses to touch it.
   */
  add(
    name: string,
    { file, content, what }: CommittedFile,
    opts: { parent: pulumi.Resource; dependsOn?: readonly pulumi.Resource[] },
  ): github.RepositoryFile {
    const { parent, dependsOn = [] } = opts;
    const isWorkflow = file.startsWith(WORKFLOWS);
    const commit = new github.RepositoryFile(
      name,
      {
        repository: this.repository,
        branch: this.branch,
        file,
        content,
        // Without the mark the commit of a workflow would start it.
        commitMessage: `${what} as tandem declares it [skip ci]`,
        ...(isWorkflow ? { overwriteOnCreate: true } : {}),
      },
      { parent, dependsOn: [...dependsOn, ...this.made.slice(-1)] },
    );
    this.made.push(commit);
    if (isWorkflow) this.named.push({ name: what, file });
    return commit;
  }
}
