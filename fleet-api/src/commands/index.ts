export {
  type CommandDispatcher,
  type CommandDownlink,
  createCommandDispatcher,
  type DispatcherOptions,
} from './dispatcher.ts';
