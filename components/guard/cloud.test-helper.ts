type Input = Record<string, unknown>;
type Send = (service: string, command: string, input: Input) => Promise<unknown>;

const { guard } = require("./handler.js") as {
  guard: (event: unknown, cloud: { send: Send; now: number; settings: Input }) => Promise<unknown>;
};

/** What a family is declared as. */
export interface Definition {
  readonly labels: Readonly<Record<string, string>>;
  readonly image?: string;
}

export interface Task {
  readonly taskArn: string;
  readonly group: string;
  readonly startedBy: string;
  readonly createdAt: string;
  readonly taskDefinitionArn: string;
  readonly overrides: unknown;
  ended?: boolean;
}

const MINUTE = 60_000;

const SETTINGS = {
  NAME: "shop-prod",
  CLUSTER: "arn:cluster",
  SUBNETS: "subnet-1",
  SECURITY_GROUP: "sg-1",
  ASSIGN_PUBLIC_IP: "ENABLED",
  SCHEDULES: "shop-prod-schedule-",
  JOBS: "shop-prod-job-",
  TOPIC: "arn:topic",
  QUEUE: "queue-url",
  LOG_GROUP: "/shop/prod/guard",
  NAMESPACE: "tandem/shop-prod",
};

/**
 * For tests: the clouds around a guard, in which time passes. ECS keeps a token's task, CloudWatch Logs makes a
 * stream once, Lambda tries a failed event three times and then puts it into the queue: as AWS says they do.
 */
export class GuardedCloud {
  readonly tasks: Task[] = [];
  readonly notices: { readonly subject: string; readonly message: string }[] = [];
  readonly queue: { MessageId: string; ReceiptHandle: string; Body: string; MessageAttributes: Input }[] = [];
  readonly metrics: { readonly name: string; readonly schedule: string; readonly at: number }[] = [];
  /** Parameters and schedules that the watch asks after, by name. */
  readonly clocks: Record<string, { on: boolean; since: string }> = {};
  /** Commands that are refused, and how often still. */
  readonly refusing: Record<string, number> = {};
  /** How often each command was asked. */
  readonly asked: Record<string, number> = {};
  private readonly streams = new Set<string>();
  private readonly tokens = new Map<string, Task>();
  private readonly waiting: { at: number; event: unknown; tries: number }[] = [];

  constructor(
    public now: number,
    private readonly definitions: Readonly<Record<string, Definition>>,
    private readonly settings: Readonly<Record<string, string>> = SETTINGS,
  ) {}

  /** The guard's answer to an event, or its failure. */
  guard(event: unknown): Promise<unknown> {
    return guard(event, { send: this.send, now: this.now, settings: this.settings });
  }

  /** The door's answer. */
  door(event: unknown): Promise<unknown> {
    return guard(event, { send: this.send, now: this.now, settings: { ...this.settings, DOOR: "open" } });
  }

  /** Hands the guard an event as EventBridge does: what fails comes again, twice, and then lies in the queue. */
  deliver(event: unknown): void {
    this.waiting.push({ at: this.now, event, tries: 0 });
  }

  /** Lets time pass by the minute, with the guard's rounds. */
  async until(instant: number, each: (now: number) => void = () => {}): Promise<void> {
    for (; this.now <= instant; this.now += MINUTE) {
      each(this.now);
      this.deliver({ do: "sweep" });
      for (const due of this.waiting.filter(({ at }) => at <= this.now)) await this.attempt(due);
    }
  }

  /** Ends a task by itself. */
  end(task: Task, exitCode: number): void {
    task.ended = true;
    if (exitCode !== 0) this.tellEnd(task, "Essential container in task exited", exitCode);
  }

  /** The running tasks of a family. */
  running(family: string): Task[] {
    return this.tasks.filter(({ ended, group }) => !ended && group === `family:${family}`);
  }

  /** ECS delivers at least once: here, twice. */
  private tellEnd({ taskArn, group }: Task, stoppedReason: string, exitCode: number): void {
    const event = {
      source: "aws.ecs",
      detail: { taskArn, group, stoppedReason, containers: [{ exitCode }] },
    };
    this.deliver(event);
    this.deliver(event);
  }

  private async attempt(due: (typeof this.waiting)[number]): Promise<void> {
    this.waiting.splice(this.waiting.indexOf(due), 1);
    try {
      await this.guard(due.event);
    } catch (error) {
      if (due.tries < 2)
        this.waiting.push({ ...due, at: this.now + (due.tries + 1) * MINUTE, tries: due.tries + 1 });
      else this.bury(due.event, (error as Error).message);
    }
  }

  /** Puts an event into the queue, as Lambda does. */
  bury(event: unknown, said: string): void {
    const id = `message-${this.now}-${this.queue.length}`;
    const MessageAttributes = { ErrorMessage: { StringValue: said } };
    this.queue.push({ MessageId: id, ReceiptHandle: id, Body: JSON.stringify(event), MessageAttributes });
  }

  private readonly send: Send = async (_service, command, input) => {
    this.asked[command] = (this.asked[command] ?? 0) + 1;
    if ((this.refusing[command] ?? 0) > 0) {
      this.refusing[command] = (this.refusing[command] ?? 0) - 1;
      throw named("ServerException", `${command} is out of order`);
    }
    return this.answers[command]?.(input) ?? {};
  };

  private readonly answers: Readonly<Record<string, (input: Input) => unknown>> = {
    DescribeTaskDefinition: ({ taskDefinition }) => {
      const family = String(taskDefinition).split(":")[0] ?? "";
      const found = this.definitions[family];
      if (!found) throw named("ClientException", "Unable to describe task definition.");
      const logConfiguration = { options: { "awslogs-group": `/shop/prod/${family}` } };
      const image = found.image ?? "web@sha256:1";
      return {
        taskDefinition: {
          containerDefinitions: [{ name: "app", image, dockerLabels: found.labels, logConfiguration }],
        },
      };
    },
    ListTasks: ({ family }) => ({
      taskArns: this.tasks
        .filter(({ ended, group }) => !ended && (family === undefined || group === `family:${family}`))
        .map(({ taskArn }) => taskArn),
    }),
    DescribeTasks: ({ tasks }) => ({
      tasks: this.tasks.filter(({ taskArn }) => (tasks as string[]).includes(taskArn)),
    }),
    RunTask: (input) => {
      const known = this.tokens.get(String(input.clientToken));
      if (known) return { tasks: [known] };
      const family = String(input.taskDefinition);
      const task: Task = {
        taskArn: `arn:aws:ecs:eu-west-3:222222222222:task/shop-prod/${this.tasks.length + 1}`,
        group: `family:${family}`,
        startedBy: String(input.startedBy),
        createdAt: new Date(this.now).toISOString(),
        taskDefinitionArn: `${family}:1`,
        overrides: input.overrides,
      };
      this.tasks.push(task);
      this.tokens.set(String(input.clientToken), task);
      return { tasks: [task] };
    },
    StopTask: ({ task, reason }) => {
      const found = this.tasks.find(({ taskArn }) => taskArn === task) as Task;
      found.ended = true;
      this.tellEnd(found, String(reason), 137);
      return {};
    },
    CreateLogStream: ({ logStreamName }) => {
      if (this.streams.has(String(logStreamName))) throw named("ResourceAlreadyExistsException", "it exists");
      this.streams.add(String(logStreamName));
      return {};
    },
    DeleteLogStream: ({ logStreamName }) => this.streams.delete(String(logStreamName)),
    Publish: ({ Subject, Message }) => {
      this.notices.push({ subject: String(Subject), message: String(Message) });
      return {};
    },
    ReceiveMessage: () => ({ Messages: this.queue.slice(0, 10) }),
    DeleteMessage: ({ ReceiptHandle }) => {
      this.queue.splice(
        this.queue.findIndex((each) => each.ReceiptHandle === ReceiptHandle),
        1,
      );
      return {};
    },
    PutMetricData: ({ MetricData }) => {
      const [data] = MetricData as [{ MetricName: string; Dimensions: [{ Value: string }] }];
      this.metrics.push({ name: data.MetricName, schedule: data.Dimensions[0].Value, at: this.now });
      return {};
    },
    GetMetricStatistics: ({ Dimensions, StartTime }) => ({
      Datapoints: this.metrics.filter(
        ({ name, schedule, at }) =>
          name === "Handled" &&
          schedule === (Dimensions as [{ Value: string }])[0].Value &&
          at >= (StartTime as Date).getTime(),
      ),
    }),
    GetSchedule: ({ Name }) => {
      const { on, since } = this.clocks[String(Name)] ?? { on: false, since: "" };
      return { State: on ? "ENABLED" : "DISABLED", LastModificationDate: since };
    },
    GetParameter: ({ Name }) => {
      const { on, since } = this.clocks[String(Name)] ?? { on: false, since: "" };
      return { Parameter: { Value: `${on ? "ENABLED" : "DISABLED"} 0 7 * * *`, LastModifiedDate: since } };
    },
  };
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
