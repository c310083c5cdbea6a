/** What stored faces are compared by. */
import type { ToolFace } from '../comparison/index.ts';
import type { FeatureSet, MarkSet } from '../features/index.ts';
import type { Engine } from './engine.ts';
import type { IntakeStore } from './intake/store.ts';

export class StoredFaces {
  readonly #store: IntakeStore;
  readonly #engine: Engine;

  constructor(store: IntakeStore, engine: Engine) {
    this.#store = store;
    this.#engine = engine;
  }

  /** Undefined where they are of another version. */
  features(serial: number): FeatureSet | undefined {
    const bytes = this.#store.features(serial, this.#engine.featureVersion);
    return bytes && this.#engine.decodeFeatures(bytes);
  }

  /** Undefined where there are none of the running parameters. */
  async marks(serial: number): Promise<MarkSet | undefined> {
    const bytes = await this.#store.marks(serial, this.#engine.parameters['marks']!);
    return bytes && this.#engine.decodeMarks(bytes);
  }

  async both(serial: number): Promise<ToolFace | undefined> {
    const marks = await this.marks(serial);
    const features = marks && this.features(serial);
    return features && { features, marks };
  }
}
