import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { Commits } from "./commits";

/** A branch of a repository that this stack writes workflows to. */
export interface Place {
  /** The repository's name without its owner. */
  readonly repository: string;
  readonly commits: Commits;
  /** What every workflow of the repository reads, and so must stand before it. */
  readonly secrets: readonly pulumi.Resource[];
}

export interface PlacesArgs {
  /** The application's repository, by name, and as what says that it stands. */
  readonly home: { readonly name: string; readonly standing: pulumi.Output<string>; readonly branch: string };
  /** The secrets of every repository, by the name under which workflows read them. */
  readonly secrets: Readonly<Record<string, { readonly role: string; readonly value: pulumi.Input<string> }>>;
}

/**
 * Where this stack writes: the application's repository, and those of sites that have their own. A branch takes one
 * commit at a time, and a repository has a secret once, whoever reads it.
 */
export class Places {
  /** The application's own. */
  readonly home: Place;
  readonly #known = new Map<string, Place>();
  readonly #secrets = new Map<string, readonly pulumi.Resource[]>();

  constructor(
    private readonly name: string,
    private readonly args: PlacesArgs,
    private readonly opts: pulumi.CustomResourceOptions,
  ) {
    this.home = this.at(args.home.name, args.home.branch);
  }

  /** A branch of a repository. @param branch @default the application's */
  at(repository = this.args.home.name, branch = this.args.home.branch): Place {
    const key = `${repository}:${branch}`;
    const place = this.#known.get(key) ?? this.#make(repository, branch);
    this.#known.set(key, place);
    return place;
  }

  /** The places that got workflows, one for each repository: the first that was asked for. */
  get withWorkflows(): readonly { readonly place: Place; readonly workflows: Commits["workflows"] }[] {
    const all = [...this.#known.values()];
    return [...this.#secrets.keys()].flatMap((repository) => {
      const here = all.filter((place) => place.repository === repository);
      const workflows = here.flatMap(({ commits }) => commits.workflows);
      return here[0] === undefined || workflows.length === 0 ? [] : [{ place: here[0], workflows }];
    });
  }

  #make(repository: string, branch: string): Place {
    const { home } = this.args;
    const commits = new Commits(repository === home.name ? home.standing : repository, branch);
    const secrets = this.#secrets.get(repository) ?? this.#declare(repository, commits.repository);
    this.#secrets.set(repository, secrets);
    return { repository, commits, secrets };
  }

  /**
   * Secrets of the repository, not of an environment: a job that reads an environment's secrets waits for its
   * reviewers, and a notice that waits for somebody to look is none. Their names say the environment, so that two
   * stacks never write the same one.
   */
  #declare(key: string, repository: pulumi.Input<string>): readonly pulumi.Resource[] {
    const suffix = key === this.args.home.name ? "" : `-${key}`;
    return Object.entries(this.args.secrets).map(
      ([secretName, { role, value }]) =>
        new github.ActionsSecret(
          `${this.name}-${role}${suffix}`,
          { repository, secretName, value: pulumi.secret(value) },
          this.opts,
        ),
    );
  }
}
