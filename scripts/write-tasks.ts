const WRITERS = 6;

/** The result of writing: texts that were answered with 201, and what is wrong with them afterwards. */
export interface Writing {
  readonly written: number;
  /** Answers other than 201. */
  readonly refused: readonly string[];
  readonly lost: readonly string[];
  readonly twice: readonly string[];
}

interface Task {
  readonly text: string;
}

/** Writes tasks, each with its own text, until it is stopped; then checks that they exist. */
export function startWriting(origin: string): { stop(): Promise<Writing> } {
  const answered: string[] = [];
  const refused: string[] = [];
  let going = true;
  const write = async (writer: number): Promise<void> => {
    for (let number = 0; going; number += 1) {
      const text = `${origin} ${writer}.${number}`;
      try {
        const answer = await fetch(`${origin}/task`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ text }),
        });
        const body = await answer.text();
        if (answer.status === 201) answered.push(text);
        else refused.push(`${answer.status} ${body}`);
      } catch (error) {
        refused.push(String(error));
      }
    }
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  return {
    async stop() {
      going = false;
      await writers;
      // The cast: the service's contract describes this list.
      const { result } = (await (await fetch(`${origin}/tasks`)).json()) as { result: Task[] };
      const times = new Map<string, number>();
      for (const { text } of result) times.set(text, (times.get(text) ?? 0) + 1);
      return {
        written: answered.length,
        refused,
        lost: answered.filter((text) => !times.has(text)),
        twice: answered.filter((text) => (times.get(text) ?? 0) > 1),
      };
    },
  };
}
