export { callKernel } from './binding.ts';
