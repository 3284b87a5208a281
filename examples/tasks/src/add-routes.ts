import { ServiceError } from '@lobbie/api/service/service-error';
import type { FastifyInstance } from 'fastify';
import { allTasks, bodyError, newTask, oneTask, removed, taskChange, taskId } from './task-schemas.ts';
import type { TaskStore } from './task-store.ts';

interface OneTask {
  Params: { id: string };
  Body: { text?: string; status?: boolean | 0 | 1 };
}

/** `/`, `/tasks`, `/task` and `/task/<id>`. */
export function addRoutes(app: FastifyInstance, store: TaskStore): void {
  app.get('/', { schema: helloSchema }, () => ({ hello: 'world' }));

  app.get('/tasks', { schema: { summary: 'All tasks', response: allTasks } }, async () => ({
    result: await store.list(),
  }));

  app.post<{ Body: { text: string } }>(
    '/task',
    {
      schema: { summary: 'Add a task', body: newTask, response: oneTask(201) },
      schemaErrorFormatter: bodyError,
    },
    async (request, reply) => {
      const task = await store.add(request.body.text);
      reply.code(201);
      return { result: task };
    },
  );

  // Before the body is looked at: of a task that is not there, it does not matter what it says.
  const onRequest = async ({ params }: { params: unknown }): Promise<void> => {
    // The cast: both routes have this parameter.
    if (!(await store.has(idOf(params as OneTask['Params'])))) throw notFound();
  };

  // No task has an empty id: these routes say so as of any other.
  const config = { takesEmptyParameter: true };

  app.put<OneTask>(
    '/task/:id',
    {
      config,
      schema: { summary: 'Change a task', params: taskId, body: taskChange, response: oneTask(200) },
      schemaErrorFormatter: bodyError,
      onRequest,
    },
    async ({ params, body: { text, status } }) => {
      const task = await store.change(idOf(params), {
        ...(text === undefined ? {} : { text }),
        ...(status === undefined ? {} : { status: Boolean(status) }),
      });
      // Somebody may have been faster.
      if (task === undefined) throw notFound();
      return { result: task };
    },
  );

  app.delete<OneTask>(
    '/task/:id',
    { config, schema: { summary: 'Remove a task', params: taskId, response: removed }, onRequest },
    async ({ params }) => {
      if (!(await store.remove(idOf(params)))) throw notFound();
      return { success: true };
    },
  );
}

const notFound = () => new ServiceError(404, 'Selected task not found');

/** The number in the path. Throws where no task can have it: ids are written in one way, and fit PostgreSQL's integer. */
function idOf({ id }: { id: string }): number {
  if (!/^[1-9]\d{0,9}$/.test(id) || Number(id) > 2_147_483_647) throw notFound();
  return Number(id);
}

const helloSchema = {
  summary: 'A greeting',
  response: {
    200: { description: 'The greeting', type: 'object', properties: { hello: { const: 'world' } } },
  },
} as const;
