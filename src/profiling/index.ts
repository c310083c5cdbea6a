/** Chemical and physical measurements -> comparable profiles. */
export { findPanel, PANELS, samePanel, vectorAnalytes } from './registry.ts';
export type { Analyte, AnalyteScale, BelowQuantificationReading, CategoryReading, MeasuredReading, MethodFamily, NotDetectedReading, Panel, PanelKind, PanelReference, PopulationFigures, Profile, Reading, ReadingFlag, ReadingLimits, RecipeReference, Replicate, TreatedProfile } from './types.ts';
