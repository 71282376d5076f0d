import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One database and one task: right, or reachable from the internet and with a secret in clear. */
async function program() {
  const config = new pulumi.Config();
  const wrong = config.requireBoolean("wrong");
  const tags = { Project: "guarded", Environment: "prod", ManagedBy: "tandem" };
  const args = {
    identifier: "guarded",
    engine: "mysql",
    engineVersion: "8.4",
    instanceClass: "db.t4g.micro",
    allocatedStorage: 20,
    username: "guarded",
    password: config.requireSecret("password"),
    storageEncrypted: true,
    publiclyAccessible: wrong,
    deletionProtection: true,
    deleteAutomatedBackups: false,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "guarded-final",
    backupRetentionPeriod: 7,
    tags,
  };
  new aws.rds.Instance("database", args, { protect: true });
  const variable = wrong ? { name: "API_KEY", value: config.require("key") } : { name: "ENV", value: "PROD" };
  new aws.ecs.TaskDefinition("task", {
    family: "guarded",
    containerDefinitions: JSON.stringify([{ name: "app", image: "app:1", environment: [variable] }]),
    tags,
  });
}

export = program;
