/** The words of this floor: what a panel lists, what a laboratory read, and what becomes of it. */

/**
 * How values of an analyte may be calculated with. `amount`: nought or more, ratios mean something (peak areas, mass
 * fractions, lengths). `interval`: may be negative, only differences mean something (delta values, a*, logarithms).
 * `category`: one of a list of words; shown beside a score, never in it.
 */
export type AnalyteScale = 'amount' | 'interval' | 'category';

/** One thing that a panel lists: a substance, an isotope ratio, an element, a length. */
export interface Analyte {
  /** Stable, lower-kebab; unique within its panel. */
  readonly id: string;
  readonly name: string;
  /** Other names that tables use, in any case. */
  readonly synonyms: readonly string[];
  /** CAS Registry Number; absent where it is not certain or there is none. */
  readonly cas?: string;
  readonly scale: AnalyteScale;
  /** Unit of every stored value, a key of UNITS. */
  readonly unit: string;
  /** Weight in distances: 1 is stable, less is prone to degradation. Above 0, at most 1. */
  readonly stability: number;
  /** Values outside are kept and flagged. */
  readonly plausible?: readonly [number, number];
  /** The words of a category. */
  readonly categories?: readonly string[];
}

export type PanelKind = 'chemical' | 'physical' | 'table';

/** A panel by name; profiles, results and calibrations name theirs this way. */
export interface PanelReference {
  readonly id: string;
  readonly version: number;
}

/** Methods whose readings may be compared across laboratories. */
export interface MethodFamily {
  /** Lower-kebab. */
  readonly id: string;
  readonly title: string;
}

/** A versioned list of analytes, and how profiles of it are compared unless somebody says otherwise. */
export interface Panel extends PanelReference {
  readonly title: string;
  readonly kind: PanelKind;
  /** What it is measured on: `cocaine`, `tablet`, `any`. */
  readonly substance: string;
  readonly analytes: readonly Analyte[];
  /** The drug's own peak, which impurities may be related to. It is in no vector. */
  readonly mainPeak?: string;
  /** Added by the laboratory in a known amount. It is in no vector. */
  readonly internalStandard?: string;
  /** Default recipe and distance, by id. */
  readonly recipe: string;
  readonly distance: string;
  /** Analytes that both profiles must have been analysed for, or there is no statement. */
  readonly minimumOverlap: number;
  /** Empty where the method does not matter. */
  readonly methodFamilies: readonly MethodFamily[];
  /** Where the list comes from, in words. */
  readonly source: string;
}

/** Limits of detection and quantification, in the unit of the analyte. Absent is not known. */
export interface ReadingLimits {
  readonly lod?: number;
  readonly loq?: number;
}

export interface MeasuredReading extends ReadingLimits {
  readonly state: 'measured';
  /** In the unit of the analyte. */
  readonly value: number;
}

/** Looked for, and below the limit of detection. */
export interface NotDetectedReading extends ReadingLimits {
  readonly state: 'not-detected';
}

/** Seen, but below the limit of quantification: no number is given. */
export interface BelowQuantificationReading extends ReadingLimits {
  readonly state: 'below-quantification';
}

export interface CategoryReading {
  readonly state: 'category';
  readonly category: string;
}

/** What is said of one analyte. An analyte without a reading was not analysed: that is no nought. */
export type Reading = MeasuredReading | NotDetectedReading | BelowQuantificationReading | CategoryReading;

/** One run of a method on one specimen. */
export interface Replicate {
  /** The laboratory's own, unique within its profile: `1`, `a`. */
  readonly id: string;
  /** Analyte id -> reading; not analysed is absent. */
  readonly readings: Readonly<Record<string, Reading>>;
}

/** What one method read on one specimen, in the units of its panel. */
export interface Profile {
  /** Unique among the profiles of one panel in a table. */
  readonly id: string;
  readonly panel: PanelReference;
  /** The laboratory's label of one powder or pressing, where it is known: the truth of reference sets. */
  readonly batch?: string;
  readonly specimen?: string;
  readonly laboratory?: string;
  readonly method?: string;
  /** Id of a method family of the panel. */
  readonly methodFamily?: string;
  /** Type of instrument, as the laboratory writes it. */
  readonly instrument?: string;
  /** Day of the analysis, `2026-03-14`. */
  readonly date?: string;
  /** A control sample: never a candidate. */
  readonly control: boolean;
  readonly replicates: readonly Replicate[];
}

/** A value that was kept although it is hard to believe. */
export interface ReadingFlag {
  readonly profile: string;
  readonly replicate: string;
  readonly analyte: string;
  readonly value: number;
  readonly reason: 'outside-plausible-range' | 'nought-beside-values' | 'apart-from-replicates' | 'negative';
  readonly detail: string;
}

/** A recipe or a distance by name. */
export interface RecipeReference {
  readonly id: string;
  readonly version: number;
}

/**
 * Figures of a population that recipes and distances need. Made once from a reference set and frozen in the calibration
 * that uses them. Values are per label of the treated vector, in its order.
 */
export interface PopulationFigures {
  readonly panel: PanelReference;
  readonly recipe: RecipeReference;
  /** Profiles they were made of. */
  readonly profiles: number;
  /** Batches with two profiles or more, which the figures within a batch were made of. */
  readonly batches: number;
  /** Analyte -> SD over the population of the values that the step `population-sd` divides. */
  readonly stepSd: Readonly<Record<string, number>>;
  /** Analyte -> what the step `started-log` adds, in the unit of the values that reach it; of recipes with that step alone. */
  readonly starts?: Readonly<Record<string, number>>;
  /** Analyte -> lowest measured value, for limits that are not known; of areas its share of their sum. */
  readonly lowest: Readonly<Record<string, number>>;
  /** Labels of the treated vector, the order of the figures below. */
  readonly labels: readonly string[];
  readonly centre: readonly number[];
  /** Robust SD over the population. */
  readonly sd: readonly number[];
  /** Robust SD within a batch. */
  readonly within: readonly number[];
  /** Robust covariance within a batch, row by row. */
  readonly withinCovariance: readonly number[];
}

/** A profile after a recipe: vectors of one length in which NaN is missing. */
export interface TreatedProfile {
  /** Analyte ids, or `a/b` for log-ratios. */
  readonly labels: readonly string[];
  /** Stability weights, one a label. */
  readonly weights: Float64Array;
  /** One vector a replicate. */
  readonly replicates: readonly Float64Array[];
  /** Median over replicates that have the label: one gross entry error of three moves it little. */
  readonly centre: Float64Array;
  /** SD over replicates (n - 1); NaN where fewer than two have the label. */
  readonly spread: Float64Array;
}
