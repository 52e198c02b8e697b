// State machines and services for the examples of several rules.

import { resource, stack } from './example-templates';

/** A state machine that waits for somebody to answer; lines of the task and of the machine. */
export function approval(task = '', machine = ''): string {
  return stack(resource('Approval', 'AWS::StepFunctions::StateMachine', 'RoleArn: role', 'Definition:', ...(machine === '' ? [] : [`  ${machine}`]), '  StartAt: Ask', '  States:', '    Ask:', '      Type: Task', "      Resource: «arn:aws:states:::sqs:sendMessage.waitForTaskToken»", ...(task === '' ? [] : [`      ${task}`]), '      End: true'));
}
