/** Parameters of profile searches. They decide what is shown how, never what a distance means. */
import { parameter, type ParameterTable } from '../../domain/index.ts';

export const PROFILE_SEARCH_PARAMETERS = Object.freeze({
  fetchedPerCandidate: parameter(2, 'profiles', [1, 100], 'Profiles asked of the space for each candidate wanted, at first; more are asked for until there are enough specimens.', 'Most specimens have one profile of a panel, some two.'),
  spacesKept: parameter(4, 'spaces', [1, 64], 'Spaces (one a panel, recipe and distance) that are kept ready.', 'A laboratory works with a few panels; a space of another recipe is made again when it is asked for.'),
  preparedAtOnce: parameter(500, 'profiles', [1, 100000], 'Profiles that are read and made ready in one go, before other work gets its turn.', 'About 20 ms'),
} satisfies ParameterTable);
