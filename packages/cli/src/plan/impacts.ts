import type { Impact, Plan } from '../model/plan.ts';
import type { Project } from '../model/project.ts';

/** What the users of each service will notice of a plan. */
export function impacts({ services }: Project, { steps }: Plan): Impact[] {
  return services.map(({ name }): Impact => {
    const touched = steps.map(({ step }) => step);
    const stops = touched.some((step) => step.kind === 'stop-ingress' && step.service === name);
    if (stops) return { service: name, notice: 'a gap of about 1 s: its published ports change hands' };
    const appears = touched.some((step) => step.kind === 'create-ingress' && step.service === name);
    return { service: name, notice: appears ? 'it becomes reachable' : 'nothing' };
  });
}
