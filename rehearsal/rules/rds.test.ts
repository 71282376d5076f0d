import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_WORLD, FakeCloud, refusal } from "./context.test-helper";
import { rules as ec2 } from "./ec2";
import { rules } from "./rds";

const INSTANCE = "aws:rds/instance:Instance";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";
const GROUP = "aws:rds/subnetGroup:SubnetGroup";
const SNAPSHOT = "aws:rds/snapshot:Snapshot";
const REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
const DISABLED = "open-source-rds-extended-support-disabled";
const MYSQL = {
  engine: "mysql",
  engineVersion: "8.4",
  engineLifecycleSupport: DISABLED,
  instanceClass: "db.t4g.micro",
  allocatedStorage: 20,
  username: "shop",
  password: "correct-horse",
  skipFinalSnapshot: true,
};

function database(inputs: object = {}) {
  const cloud = new FakeCloud({ ...rules, ...ec2 });
  return { cloud, db: cloud.create(INSTANCE, { identifier: "shop", ...MYSQL, ...inputs }) };
}

const create = (inputs: object) => () => database(inputs);

test("host and port come from the database itself", () => {
  const { outputs } = database().db;
  assert.match(String(outputs.address), /^shop\.[0-9a-f]{12}\.eu-west-3\.rds\.amazonaws\.com$/);
  assert.equal(outputs.port, 3306);
  assert.equal(outputs.endpoint, `${outputs.address}:3306`);
  assert.equal(outputs.arn, "arn:aws:rds:eu-west-3:111122223333:db:shop");
});

test("a version whose standard support is over is refused where extended support is off, naming what is supported", () => {
  assert.throws(
    create({ engineVersion: "8.0.25" }),
    refusal("InvalidParameterCombination", /8\.4 \(until 2029-07-31\)/),
  );
  const billed = { engineVersion: "8.0.43", engineLifecycleSupport: "open-source-rds-extended-support" };
  assert.equal(database(billed).db.outputs.engineVersionActual, "8.0.43");
});

test("before the end of standard support, by the clock, the version is there", () => {
  const cloud = new FakeCloud(rules);
  cloud.now = "2026-07-31T12:00:00.000Z";
  cloud.create(INSTANCE, { ...MYSQL, engineVersion: "8.0.43" });
});

test("a version that RDS does not offer is refused", () => {
  assert.throws(
    create({ engineVersion: "9.1.0" }),
    refusal("InvalidParameterCombination", /no MySQL 9\.1\.0/),
  );
});

test("a parameter group serves its own line only", () => {
  const cloud = new FakeCloud(rules);
  cloud.create(PARAMETERS, { name: "old", family: "mysql8.0" }, "old");
  cloud.create(PARAMETERS, { name: "new", family: "mysql8.4" }, "new");
  const put = (parameterGroupName: string) => () => cloud.create(INSTANCE, { ...MYSQL, parameterGroupName });
  assert.throws(put("old"), refusal("InvalidParameterCombination", /mysql8\.0/));
  assert.throws(put("none"), refusal("DBParameterGroupNotFound"));
  put("new")();
});

test("a group that a database uses is kept", () => {
  const cloud = new FakeCloud(rules);
  const group = cloud.create(PARAMETERS, { name: "new", family: "mysql8.4" });
  cloud.create(INSTANCE, { ...MYSQL, parameterGroupName: "new" });
  assert.throws(() => cloud.remove(group), refusal("InvalidDBParameterGroupState"));
});

test("names are taken once", () => {
  const { cloud } = database();
  assert.throws(
    () => cloud.create(INSTANCE, { identifier: "shop", ...MYSQL }, "b"),
    refusal("DBInstanceAlreadyExists"),
  );
  cloud.create(PARAMETERS, { name: "p", family: "mysql8.4" });
  const again = () => cloud.create(PARAMETERS, { name: "p", family: "mysql8.4" }, "b");
  assert.throws(again, refusal("DBParameterGroupAlreadyExists"));
});

test("a database that existed before keeps its name", () => {
  const databases = { shop: { inputs: {}, outputs: {} } };
  const cloud = new FakeCloud(rules, { ...EMPTY_WORLD, databases });
  assert.throws(
    () => cloud.create(INSTANCE, { identifier: "shop", ...MYSQL }),
    refusal("DBInstanceAlreadyExists"),
  );
});

test("deletion protection keeps the database until it is switched off", () => {
  const { cloud, db } = database({ deletionProtection: true });
  assert.throws(() => cloud.remove(db), refusal("InvalidParameterCombination", /deletion protection/));
  cloud.update(db, { deletionProtection: false });
  cloud.remove(db);
});

test("a database is deleted with a final snapshot, or expressly without", () => {
  const { cloud, db } = database({ skipFinalSnapshot: false });
  assert.throws(() => cloud.remove(db), refusal("InvalidParameterCombination", /finalSnapshotIdentifier/));
});

test("the final snapshot lives on: its name collides, and a restore finds it", () => {
  const last = { skipFinalSnapshot: false, finalSnapshotIdentifier: "shop-last" };
  const { cloud, db } = database(last);
  cloud.remove(db);
  const second = cloud.create(INSTANCE, { identifier: "shop", ...MYSQL, ...last }, "b");
  assert.throws(() => cloud.remove(second), refusal("DBSnapshotAlreadyExists", /shop-last/));
  const drill = { identifier: "drill", instanceClass: "db.t4g.micro", snapshotIdentifier: "shop-last" };
  assert.equal(cloud.create(INSTANCE, drill, "c").outputs.username, "shop");
});

test("a restore from a snapshot that does not exist is refused", () => {
  const inputs = { instanceClass: "db.t4g.micro", snapshotIdentifier: "none" };
  assert.throws(() => new FakeCloud(rules).create(INSTANCE, inputs), refusal("DBSnapshotNotFound"));
});

test("a database begins as a snapshot that was there before", () => {
  const cloud = new FakeCloud(rules, { ...EMPTY_WORLD, snapshots: ["before-the-move"] });
  const inputs = { ...MYSQL, identifier: "shop", snapshotIdentifier: "before-the-move" };
  assert.equal(cloud.create(INSTANCE, inputs).outputs.identifier, "shop");
});

test("a restore to a point in time needs its source and a name", () => {
  const { cloud } = database();
  const inputs = {
    instanceClass: "db.t4g.micro",
    restoreToPointInTime: { sourceDbInstanceIdentifier: "none" },
  };
  assert.throws(
    () => cloud.create(INSTANCE, inputs, "b"),
    refusal("InvalidParameterCombination", /identifier/),
  );
  assert.throws(
    () => cloud.create(INSTANCE, { ...inputs, identifier: "b" }, "b"),
    refusal("DBInstanceNotFound"),
  );
});

test("storage cannot shrink", () => {
  const { cloud, db } = database();
  assert.throws(
    () => cloud.update(db, { allocatedStorage: 10 }),
    refusal("InvalidParameterCombination", /20 GiB/),
  );
  cloud.update(db, { allocatedStorage: 30 });
});

test("a major upgrade is asked for expressly", () => {
  const extended = { engineVersion: "8.0.43", engineLifecycleSupport: "open-source-rds-extended-support" };
  const { cloud, db } = database(extended);
  assert.throws(
    () => cloud.update(db, { engineVersion: "8.4" }),
    refusal("InvalidParameterCombination", /major/),
  );
  cloud.update(db, { engineVersion: "8.4", allowMajorVersionUpgrade: true });
});

test("passwords that MySQL cannot take are refused and not told", () => {
  const refused = (words: RegExp) => (error: unknown) => {
    assert.doesNotMatch(String(error), /s3same|sesam/);
    return refusal("InvalidParameterValue", words)(error);
  };
  assert.throws(create({ password: "s3same" }), refused(/8 to 41/));
  assert.throws(create({ password: `s3same${"x".repeat(41)}` }), refused(/8 to 41/));
  assert.throws(create({ password: "sesam/open" }), refused(/printable/));
});

test("the username rdsadmin is reserved", () => {
  assert.throws(create({ username: "rdsadmin" }), refusal("InvalidParameterValue", /rdsadmin/));
});

test("a new database needs storage, engine and user", () => {
  assert.throws(create({ username: undefined }), refusal("MissingParameter", /username/));
});

test("settings that exclude each other are refused", () => {
  const refused = (words: RegExp) => refusal("InvalidParameterCombination", words);
  assert.throws(create({ multiAz: true, availabilityZone: "eu-west-3a" }), refused(/availabilityZone/));
  assert.throws(create({ maxAllocatedStorage: 10 }), refused(/maxAllocatedStorage/));
  assert.throws(create({ monitoringInterval: 60 }), refused(/monitoringRoleArn/));
  assert.throws(create({ iops: 3000 }), refused(/gp3/));
  assert.throws(create({ performanceInsightsRetentionPeriod: 7 }), refused(/performanceInsightsEnabled/));
});

test("a subnet group reaches two zones of one VPC", () => {
  const cloud = new FakeCloud({ ...rules, ...ec2 });
  const vpc = cloud.create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = (index: number, zone: string) =>
    cloud.create(
      "aws:ec2/subnet:Subnet",
      { vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24`, availabilityZone: `eu-west-3${zone}` },
      `s${index}`,
    ).id;
  const [a, b, c] = [subnet(0, "a"), subnet(1, "a"), subnet(2, "b")];
  const put = (subnetIds: string[]) => () => cloud.create(GROUP, { name: "data", subnetIds });
  assert.throws(put([a, b]), refusal("DBSubnetGroupDoesNotCoverEnoughAZs", /eu-west-3a/));
  assert.throws(put([a, "subnet-none"]), refusal("InvalidSubnet"));
  const group = put([a, c])();
  const db = cloud.create(INSTANCE, { ...MYSQL, dbSubnetGroupName: "data" });
  assert.equal(db.outputs.availabilityZone, "eu-west-3a");
  assert.throws(() => cloud.remove(group), refusal("InvalidDBSubnetGroupStateFault"));
});

test("a snapshot's name is taken once, and it needs its database", () => {
  const { cloud } = database();
  const inputs = { dbInstanceIdentifier: "shop", dbSnapshotIdentifier: "before" };
  const { engine, status } = cloud.create(SNAPSHOT, inputs).outputs;
  assert.deepEqual([engine, status], ["mysql", "available"]);
  assert.throws(() => cloud.create(SNAPSHOT, inputs, "b"), refusal("DBSnapshotAlreadyExists"));
  const none = { dbInstanceIdentifier: "none", dbSnapshotIdentifier: "x" };
  assert.throws(() => cloud.create(SNAPSHOT, none, "c"), refusal("DBInstanceNotFound"));
});

test("copies of automated backups go to another region", () => {
  const { cloud, db } = database();
  const copy = (region: string) => () =>
    cloud.create(REPLICATION, { sourceDbInstanceArn: db.outputs.arn, region }, region);
  assert.throws(copy("eu-west-3"), refusal("InvalidParameterValue"));
  copy("eu-central-1")();
});

test("events go to a topic that exists", () => {
  const inputs = { snsTopic: "arn:aws:sns:eu-west-3:111122223333:none" };
  const subscribe = () => database().cloud.create("aws:rds/eventSubscription:EventSubscription", inputs);
  assert.throws(subscribe, refusal("SNSTopicArnNotFound"));
});
