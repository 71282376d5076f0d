type Props = Record<string, unknown>;
type Fetch = (url: string, init: { readonly redirect?: string }) => Promise<Response>;

const { answer } = require("./handler.js") as {
  answer: (event: object, cloud: object) => Promise<Record<string, unknown>>;
};

export const NOW = Date.parse("2026-11-22T12:00:00Z");

export interface FakeTask {
  readonly taskArn: string;
  readonly family: string;
  readonly startedBy: string;
  readonly createdAt: string;
  lastStatus: string;
  stoppedReason?: string;
  containers: { readonly name: string; readonly exitCode?: number }[];
}

export interface FakeSnapshot {
  readonly DBSnapshotIdentifier: string;
  readonly DBInstanceIdentifier: string;
  readonly SnapshotType?: string;
  readonly Status?: string;
  readonly SnapshotCreateTime: string;
}

const named = (name: string) => Object.assign(new Error(name), { name });
export const ago = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString();

/** For tests: the inside of an environment in which time passes only while somebody sleeps. */
export class FakeInside {
  now = NOW;
  readonly tasks: FakeTask[] = [];
  readonly logs: Record<string, string[]> = {};
  readonly asked: { readonly command: string; readonly input: Props }[] = [];
  snapshots: FakeSnapshot[] = [];
  databases: Record<string, string> = {};
  pages: Record<string, () => Response> = {};
  /** How long a family's task runs, in seconds, how it ends (or why it never ran), and what it prints last. */
  runs: Record<string, { seconds?: number; exitCode?: number; prints?: string; refused?: string }> = {};

  call(event: object): Promise<Record<string, unknown>> {
    return answer(event, {
      send: (service: string, command: string, input: Props) => this.#send(`${service}:${command}`, input),
      fetch: this.#fetch,
      now: () => this.now,
      sleep: async (milliseconds: number) => {
        this.now += milliseconds;
        this.#pass();
      },
      settings: {
        CLUSTER: "arn:cluster",
        SUBNETS: "subnet-1,subnet-2",
        SECURITY_GROUP: "sg-1",
        ASSIGN_PUBLIC_IP: "ENABLED",
        LOG_GROUP: "/shop/prod/release",
      },
    });
  }

  of(command: string): Props[] {
    return this.asked.filter((each) => each.command === command).map(({ input }) => input);
  }

  /** The families that were started, in order. */
  started(): unknown[] {
    return this.of("ecs:RunTask").map(({ taskDefinition }) => taskDefinition);
  }

  #fetch: Fetch = async (url) => {
    const page = this.pages[url];
    if (page === undefined)
      throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND" } });
    return page();
  };

  async #send(command: string, input: Props): Promise<unknown> {
    this.asked.push({ command, input });
    const answers: Record<string, () => unknown> = {
      "ecs:ListTasks": () => ({ taskArns: this.#listed(input).map(({ taskArn }) => taskArn) }),
      "ecs:DescribeTasks": () => ({
        tasks: this.tasks.filter(({ taskArn }) => (input.tasks as string[]).includes(taskArn)),
      }),
      "ecs:RunTask": () => ({ tasks: [this.start(String(input.taskDefinition), String(input.startedBy))] }),
      "logs:GetLogEvents": () => {
        const lines = this.logs[`${input.logGroupName} ${input.logStreamName}`];
        if (lines === undefined) throw named("ResourceNotFoundException");
        return { events: lines.map((message) => ({ message })) };
      },
      "logs:CreateLogStream": () => ({}),
      "logs:PutLogEvents": () => {
        const events = input.logEvents as { message: string }[];
        this.logs[`${input.logGroupName} ${input.logStreamName}`] = events.map(({ message }) => message);
        return {};
      },
      "rds:DescribeDBSnapshots": () => this.#described(input),
      "rds:DeleteDBSnapshot": () => {
        this.snapshots = this.snapshots.filter((s) => s.DBSnapshotIdentifier !== input.DBSnapshotIdentifier);
        return {};
      },
      "rds:DescribeDBInstances": () => {
        const DBInstanceStatus = this.databases[String(input.DBInstanceIdentifier)];
        return { DBInstances: DBInstanceStatus === undefined ? [] : [{ DBInstanceStatus }] };
      },
    };
    const found = answers[command];
    if (found === undefined) throw new Error(`${command} is nothing that this cloud knows`);
    return found();
  }

  start(family: string, startedBy: string): FakeTask {
    const task: FakeTask = {
      taskArn: `arn:aws:ecs:eu-west-3:222222222222:task/shop-prod/${this.tasks.length + 1}`,
      family,
      startedBy,
      createdAt: new Date(this.now).toISOString(),
      lastStatus: "RUNNING",
      containers: [{ name: "app" }],
    };
    this.tasks.push(task);
    return task;
  }

  #listed({ family, desiredStatus }: Props): FakeTask[] {
    const stopped = desiredStatus === "STOPPED";
    return this.tasks.filter((task) => task.family === family && (task.lastStatus === "STOPPED") === stopped);
  }

  #described({ DBSnapshotIdentifier: name, DBInstanceIdentifier: instance, Marker }: Props) {
    if (name !== undefined) {
      const found = this.snapshots.filter((s) => s.DBSnapshotIdentifier === name);
      if (found.length === 0) throw named("DBSnapshotNotFoundFault");
      return { DBSnapshots: found.map(complete) };
    }
    const all = this.snapshots.map(complete).filter((s) => s.DBInstanceIdentifier === instance);
    const from = Number(Marker ?? 0);
    return {
      DBSnapshots: all.slice(from, from + 4),
      ...(all.length > from + 4 ? { Marker: String(from + 4) } : {}),
    };
  }

  /** Ends the tasks whose time has come. */
  #pass(): void {
    for (const task of this.tasks) {
      const { seconds = 10, exitCode = 0, prints, refused } = this.runs[task.family] ?? {};
      const over = this.now - Date.parse(task.createdAt) >= seconds * 1000;
      if (task.lastStatus === "STOPPED" || !over) continue;
      task.lastStatus = "STOPPED";
      task.stoppedReason = refused ?? "Essential container in task exited";
      task.containers = [refused === undefined ? { name: "app", exitCode } : { name: "app" }];
      if (prints !== undefined)
        this.logs[`/shop/${task.family} app/app/${task.taskArn.split("/").at(-1)}`] = ["…", prints, "  "];
    }
  }
}

const complete = (snapshot: FakeSnapshot) => ({ SnapshotType: "manual", Status: "available", ...snapshot });
