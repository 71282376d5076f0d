/** The time of the simulated clouds. It stands still until it is moved, and it never goes back. */
export class Clock {
  constructor(private readonly state: { clock: string }) {}

  /** The present instant, ISO 8601 in UTC. */
  get now(): string {
    return this.state.clock;
  }

  /** Moves to an instant. @throws when it lies in the past. */
  set(instant: string): void {
    const to = new Date(instant);
    if (Number.isNaN(to.getTime()))
      throw new Error(`the clock cannot be set to "${instant}": give an ISO 8601 instant`);
    if (to.getTime() < new Date(this.now).getTime()) {
      throw new Error(`the clock stands at ${this.now} and cannot go back to ${to.toISOString()}`);
    }
    this.state.clock = to.toISOString();
  }

  /** Moves forward by whole or partial days, hours, minutes and seconds. */
  advance(by: {
    readonly days?: number;
    readonly hours?: number;
    readonly minutes?: number;
    readonly seconds?: number;
  }): void {
    const hours = (by.days ?? 0) * 24 + (by.hours ?? 0);
    const seconds = hours * 3600 + (by.minutes ?? 0) * 60 + (by.seconds ?? 0);
    this.set(new Date(new Date(this.now).getTime() + seconds * 1000).toISOString());
  }
}
