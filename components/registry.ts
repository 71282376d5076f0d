import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName, type Scope, tags } from "./names";
import { liftedTag } from "./protected";

export interface RegistryArgs {
  readonly scope: Scope;
  /** Key of the application whose images it keeps. */
  readonly application: string;
  /** Whether a destroy may take the images along. @default false */
  readonly forceDelete?: boolean;
  /** The last day on which it may go all the same, empty. @default it may not, unless `forceDelete` */
  readonly liftedUntil?: string | undefined;
}

/** The images of one application in one environment: a tag means one image for ever, each is scanned. */
export class Registry extends pulumi.ComponentResource {
  /** What an image reference begins with. */
  public readonly repositoryUrl: pulumi.Output<string>;
  public readonly repositoryName: pulumi.Output<string>;
  public readonly repositoryArn: pulumi.Output<string>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:registry:Registry", name, {}, opts);
    const { scope, application, forceDelete = false, liftedUntil } = args;

    const repository = new aws.ecr.Repository(
      name,
      {
        name: physicalName(scope, application, 256),
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete,
        tags: { ...tags(scope, application), ...liftedTag(liftedUntil) },
      },
      { parent: this, protect: !forceDelete && liftedUntil === undefined },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: repository.name, policy: JSON.stringify(lifecycle()) },
      { parent: this },
    );

    this.repositoryUrl = repository.repositoryUrl;
    this.repositoryName = repository.name;
    this.repositoryArn = repository.arn;
    this.registerOutputs({
      repositoryUrl: this.repositoryUrl,
      repositoryName: this.repositoryName,
      repositoryArn: this.repositoryArn,
    });
  }
}

/**
 * Untagged images go after a week; of the others the last hundred stay. Every push adds one, released or not:
 * the one that runs has to outlive all pushes until the next release.
 */
function lifecycle() {
  const rule = (rulePriority: number, description: string, selection: object) => ({
    rulePriority,
    description,
    selection,
    action: { type: "expire" },
  });
  return {
    rules: [
      rule(1, "untagged images go after 7 days", {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: 7,
      }),
      rule(2, "the last 100 images stay", {
        tagStatus: "any",
        countType: "imageCountMoreThan",
        countNumber: 100,
      }),
    ],
  };
}
