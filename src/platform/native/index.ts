export { addonDigest, callKernel } from './binding.ts';
export { pressEngrave, pressRender, type PressEngraving, type PressPaths, type PressPicture, type PressScene, type PressSheet, type PressSpecimen } from './press.ts';
