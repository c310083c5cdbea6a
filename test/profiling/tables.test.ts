/** What tables of laboratories look like, and what is made of them. */
import { describe, expect, it } from 'vitest';
import { findPanel, PANELS, previewTable, readTable, type Profile, type Reading } from '../../src/profiling/index.ts';

const readingsOf = (profiles: readonly Profile[]): Record<string, Reading>[] => profiles.flatMap(({ replicates }) => replicates.map(({ readings }) => readings));
const measured = (value: number): Reading => ({ state: 'measured', value });

describe('a wide table', () => {
  it('of the evaluation format is read, a replicate of a batch a profile', () => {
    const { profiles, panels, layout, flags } = readTable('batch_id,replicate,diameter_mm,thickness_mm,mass_mg,purity_percent\nB001,1,9.1,3.6,272,33\nB001,2,9.1,,273,<0.5\nB002,1,8,3.8,249,n.d.\n');
    expect(panels.map(({ id }) => id)).toEqual(['tablet-measurements']);
    expect(layout).toBe('wide');
    expect(profiles.map(({ id, batch }) => [id, batch])).toEqual([['B001/1', 'B001'], ['B001/2', 'B001'], ['B002/1', 'B002']]);
    expect(profiles[0]).toEqual({ id: 'B001/1', panel: { id: 'tablet-measurements', version: 1 }, batch: 'B001', control: false, replicates: [{ id: '1', readings: { diameter: measured(9.1), thickness: measured(3.6), mass: measured(272), purity: measured(33) } }] });
    expect(readingsOf(profiles)[1]).toEqual({ diameter: measured(9.1), mass: measured(273), purity: { state: 'not-detected', lod: 0.5 } });
    expect(readingsOf(profiles)[2]!['purity']).toEqual({ state: 'not-detected' });
    expect(flags).toEqual([]);
  });

  it('keeps measured nought, not detected, below quantification and not analysed apart', () => {
    const cells = ['0', 'n.d.', 'ND', 'not detected', '<LOD', '< lod', '<0.05', '< 0.05', '<LOD(0.05)', '<LOQ', 'nq', '<LOQ(0.2)', '<LOQ 0.2', '', 'NA', 'not analysed'];
    const { profiles } = readTable(`safrole,specimen\n${cells.map((cell, i) => `${cell},s${i}`).join('\n')}\n`);
    const lod = { state: 'not-detected', lod: 0.05 };
    expect(readingsOf(profiles).map((readings) => readings['safrole'])).toEqual([
      measured(0), ...Array.from({ length: 5 }, () => ({ state: 'not-detected' })), lod, lod, lod,
      { state: 'below-quantification' }, { state: 'below-quantification' }, { state: 'below-quantification', loq: 0.2 }, { state: 'below-quantification', loq: 0.2 }, undefined, undefined, undefined,
    ]);
  });

  it.each([
    ['mass_mg', '272', 272], ['Mass (mg)', '272', 272], ['MASS [g]', '0.272', 272], ['mass_g', '0.287', 287], ['weight, g', '0.1', 100], ['mass/mg', '272', 272], ['Mass µg', '272000', 272], ['mass (kg)', '2.72e-4', 272],
    ['purity_percent', '33', 33], ['Purity %', '33', 33], ['purity (mg/g)', '330', 33], ['content_mg_per_g', '330', 33], ['thickness [cm]', '0.38', 3.8], ['Diameter (µm)', '9100', 9100 / 1000], ['Colour outside, L*', '71.5', 71.5],
  ])('column "%s" of %s is stored as %s', (header, cell, value) => {
    const { profiles, columns } = readTable(`specimen;${header}\na;${cell}\n`);
    expect(Object.values(readingsOf(profiles)[0]!)).toEqual([measured(value)]);
    expect(columns[1]!.role).toBe('analyte');
  });

  it.each([
    ['semicolons and decimal commas', 'batch_id;replicate;diameter_mm;mass_mg\nB1;1;9,1;<0,5\nB1;2;9;272,5\n'],
    ['tabs', 'batch_id\treplicate\tdiameter_mm\tmass_mg\nB1\t1\t9.1\t<0.5\nB1\t2\t9\t272.5\n'],
    ['quotes around decimal commas', 'batch_id,replicate,diameter_mm,mass_mg\nB1,1,"9,1","<0,5"\n"B1",2,"9","272,5"\n'],
    ['a mark of byte order, CRLF and no last line end', '\ufeffbatch_id,replicate,diameter_mm,mass_mg\r\nB1,1,9.1,<0.5\r\nB1,2,9,272.5'],
    ['Excel\'s line of the delimiter, and empty lines', 'sep=;\r\nbatch_id;replicate;diameter_mm;mass_mg\r\n\r\nB1;1;9.1;< 0.5\r\n;;;\r\nB1;2;9;272.5\r\n'],
    ['blanks, other names and another order', ' Mass (g) ; Batch ID;Rep; DIAMETER \n 2725e-4;B1;2; 9.0 \n<0.0005;B1;1; 9.1\n'],
  ])('with %s is the same table', (_, text) => {
    const { profiles } = readTable(text);
    const byId = new Map(profiles.map(({ id, replicates }) => [id, replicates[0]!.readings]));
    expect([...byId.keys()].sort()).toEqual(['B1/1', 'B1/2']);
    expect(byId.get('B1/1')).toEqual({ diameter: measured(9.1), mass: { state: 'not-detected', lod: 0.5 } });
    expect(byId.get('B1/2')).toEqual({ diameter: measured(9), mass: measured(272.5) });
  });

  it('is read from UTF-16 as from UTF-8', () => {
    const text = 'specimen;δ13C;d15N\na;-34,5;2,1\n';
    const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from(text, 'utf16le')]);
    expect(readTable(utf16).profiles).toEqual(readTable(Buffer.from(text)).profiles);
    expect(readingsOf(readTable(utf16).profiles)[0]).toEqual({ 'delta-13c': measured(-34.5), 'delta-15n': measured(2.1) });
  });

  it('gathers the replicates of a specimen, and tells two laboratories apart', () => {
    const { profiles } = readTable('sample,lab,method,method family,instrument,date,qc,tropacocaine,norcocaine\nS1,A,M1,gc-ms,Agilent 5977,2026-03-14,,10,20\nS1,A,M1,gc-ms,Agilent 5977,2026-03-14,,11,21\nS1,B,M2,gc-fid,,2026-04-01,no,12,22\nQ,A,M1,gc-ms,,2026-03-14,yes,13,23\n');
    expect(profiles.map(({ id, laboratory, control, replicates }) => [id, laboratory, control, replicates.map((replicate) => replicate.id)])).toEqual([['S1', 'A', false, ['1', '2']], ['S1 (2)', 'B', false, ['1']], ['Q', 'A', true, ['1']]]);
    expect(profiles[0]).toMatchObject({ specimen: 'S1', method: 'M1', methodFamily: 'gc-ms', instrument: 'Agilent 5977', date: '2026-03-14' });
    expect(profiles[1]).not.toHaveProperty('instrument');
  });

  it('takes what the caller knows where the table says nothing', () => {
    const { profiles } = readTable('replicate,laboratory,mass_mg\n1,,270\n2,,271\n', { defaults: { specimen: 'sp_1', laboratory: 'NFI', date: '2026-01-02' } });
    expect(profiles).toHaveLength(1);
    expect(profiles[0]).toMatchObject({ id: 'sp_1', specimen: 'sp_1', laboratory: 'NFI', date: '2026-01-02', replicates: [{ id: '1' }, { id: '2' }] });
  });

  it('of two panels gives profiles of each', () => {
    const { profiles, panels } = readTable('specimen,mass_mg,piperonal,safrole,pmk,score line\na,270,1,2,3,Cross\nb,271,,,,\n');
    expect(panels.map(({ id }) => id).sort()).toEqual(['mdma-impurities', 'tablet-measurements']);
    expect(profiles.map(({ id, panel }) => `${id} ${panel.id}`).sort()).toEqual(['a mdma-impurities', 'a tablet-measurements', 'b tablet-measurements']);
    expect(profiles.find(({ id, panel }) => id === 'a' && panel.id === 'tablet-measurements')!.replicates[0]!.readings).toEqual({ mass: measured(270), 'score-line': { state: 'category', category: 'cross' } });
  });

  it('gives substances of several panels to the one that knows most of the table', () => {
    expect(readTable('specimen,caffeine,lidocaine,theophylline\na,1,2,3\n').panels.map(({ id }) => id)).toEqual(['captagon-composition']);
    expect(readTable('specimen,caffeine,lidocaine,phenacetin,levamisole\na,1,2,3,4\n').panels.map(({ id }) => id)).toEqual(['cutting-agents']);
    expect(readTable('specimen,caffeine,lidocaine\na,1,2\n', { panels: [findPanel({ id: 'cutting-agents' })!] }).panels.map(({ id }) => id)).toEqual(['cutting-agents']);
  });
});

describe('a table of several panels', () => {
  const read = (text: string, panels = PANELS) => {
    const { profiles, columns, faults } = readTable(text, { panels, keepGoing: true });
    return { faults, columns, found: Object.fromEntries(profiles.map(({ id, panel, replicates }) => [`${id} ${panel.id}`, Object.keys(replicates[0]!.readings)])), profiles };
  };

  it('takes an area for the peak, and a percentage of the same name for the content', () => {
    const { found, columns } = read('specimen,amphetamine_area,benzyl-methyl-ketone_area,dpia-1_area,amphetamine_percent,caffeine_percent,theophylline_percent\na,1000,20,30,,,\nb,,,,12,30,1\n');
    expect(found).toEqual({ 'a amphetamine-impurities': ['amphetamine', 'benzyl-methyl-ketone', 'dpia-1'], 'b captagon-composition': ['amphetamine', 'caffeine', 'theophylline'] });
    expect(columns.map(({ panel }) => panel?.id)).toEqual([undefined, ...Array.from({ length: 3 }, () => 'amphetamine-impurities'), ...Array.from({ length: 3 }, () => 'captagon-composition')]);
  });

  it('takes a percentage for the peak where there is no area', () => {
    expect(read('specimen,amphetamine_percent,benzyl-methyl-ketone_percent,dpia-1_percent\na,90,5,5\n').found).toEqual({ 'a amphetamine-impurities': ['amphetamine', 'benzyl-methyl-ketone', 'dpia-1'] });
  });

  it('leaves aside what is another quantity of a panel that was asked for', () => {
    const captagon = [findPanel({ id: 'captagon-composition' })!];
    expect(read('specimen,amphetamine_area,amphetamine_percent,caffeine_percent\na,1000,12,30\n', captagon).found).toEqual({ 'a captagon-composition': ['amphetamine', 'caffeine'] });
    expect(() => readTable('specimen,amphetamine_area,caffeine_percent\na,1000,30\n', { panels: captagon })).toThrow();
  });

  it('reads what two panels list for the one that a row has more of, or for both', () => {
    const head = 'specimen,amphetamine_percent,theophylline_percent,caffeine_percent,lidocaine_percent,levamisole_percent,phenacetin_percent,lactose_percent';
    const { found, columns } = read(`${head}\ncaptagon,12,1,30,2,,,\ncut,,,5,,10,,20\nboth,11,,31,,,3,\neither,,,7,8,,,\n`);
    expect(found).toEqual({
      'captagon captagon-composition': ['amphetamine', 'theophylline', 'caffeine', 'lidocaine'],
      'cut cutting-agents': ['caffeine', 'levamisole', 'lactose'],
      'both captagon-composition': ['amphetamine', 'caffeine'], 'both cutting-agents': ['caffeine', 'phenacetin'],
      'either cutting-agents': ['caffeine', 'lidocaine'],
    });
    expect(columns[3]).toMatchObject({ panel: { id: 'cutting-agents' }, alsoOf: [{ id: 'captagon-composition' }], note: 'in percent; of captagon-composition too, in rows that have more of it' });
  });

  it('gives the method of a row to the panels that it is a method of', () => {
    const { profiles, faults } = read('specimen,method,method_family,piperonal,safrole,acetone_ug/g,toluene_ug/g,mass_mg\na,M1,gc-ms,1,2,,,270\nb,H1,hs-gc-ms,,,3,4,\nc,M1,gc-ms,1,2,3,4,270\nd,I1,irms,1,,,,\ne,M1,gc-ms,,,,,271\nf,H1,hs-gc-ms,1,,,,\ng,X,nose,,,,,272\n');
    expect(profiles.map(({ id, panel, method, methodFamily }) => `${id} ${panel.id} ${method} ${methodFamily}`)).toEqual([
      'a mdma-impurities M1 gc-ms', 'a tablet-measurements M1 gc-ms', 'b occluded-solvents H1 hs-gc-ms', 'c mdma-impurities M1 gc-ms', 'c occluded-solvents undefined undefined', 'c tablet-measurements M1 gc-ms', 'e tablet-measurements M1 gc-ms',
    ]);
    expect(faults.map(({ row, column, detail }) => `${row} ${column} ${detail}`)).toEqual([
      '3 method_family line 5, column method_family: irms is no method family of mdma-impurities; it has gc-ms',
      '5 method_family line 7, column method_family: hs-gc-ms is no method family of mdma-impurities; it has gc-ms',
      '6 method_family line 8, column method_family: nose is no method family of mdma-impurities; it has gc-ms; nor of occluded-solvents; it has hs-gc-ms',
    ]);
  });

  it('tells tablets from bricks by what the values can be', () => {
    const head = 'specimen,length_mm,width_mm,thickness_mm,mass_g,purity_percent';
    expect(read(`${head}\na,201,142,34,1003,78\n`).found).toEqual({ 'a brick-measurements': ['length', 'width', 'thickness', 'mass', 'purity'] });
    expect(read(`${head}\na,12.1,6.2,4.4,0.31,35\n`).found).toEqual({ 'a tablet-measurements': ['length', 'width', 'thickness', 'mass', 'purity'] });
    expect(read('specimen,brick_length_cm,net_weight_kg\na,20.1,1.003\n').profiles[0]!.replicates[0]!.readings).toEqual({ length: measured(201), mass: measured(1003) });
  });
});

describe('a long table', () => {
  const text = 'specimen;analyte;result;unit;LOD;LOQ\nS1;Mass;0,27;g;;\nS1;diameter;9,1;mm;0,01;0,03\nS1;Purity;n.d.;%;0,5;\nS2;weight;271;mg;;\nS2;content;<LOQ;percent;;2\nS2;Coating;film;;;\n';
  it('is read, a row a reading', () => {
    const { profiles, layout, decimal } = readTable(text);
    expect([layout, decimal]).toEqual(['long', ',']);
    expect(readingsOf(profiles)).toEqual([
      { mass: measured(270), diameter: { state: 'measured', value: 9.1, lod: 0.01, loq: 0.03 }, purity: { state: 'not-detected', lod: 0.5 } },
      { mass: measured(271), purity: { state: 'below-quantification', loq: 2 }, coating: { state: 'category', category: 'film' } },
    ]);
  });

  it('takes a limit from its cell before that of the column', () => {
    expect(readingsOf(readTable('specimen,analyte,value,lod\na,safrole,<0.2,0.1\n').profiles)[0]).toEqual({ safrole: { state: 'not-detected', lod: 0.2 } });
  });
});

describe('JSON', () => {
  it('is read like the wide table of the same names', () => {
    const rows = [{ specimen: 'a', mass_g: 0.27, diameter_mm: '9.1', purity: null }, { specimen: 'b', mass_g: '<0.01', control: true }];
    const { profiles, form } = readTable(rows);
    expect(form).toBe('json');
    expect(readingsOf(profiles)).toEqual([{ mass: measured(270), diameter: measured(9.1) }, { mass: { state: 'not-detected', lod: 10 } }]);
    expect(profiles[1]!.control).toBe(true);
    expect(readTable(JSON.stringify({ rows })).profiles).toEqual(profiles);
  });
});

describe('a preview', () => {
  it('says of each column what it was taken for, and why', () => {
    const preview = previewTable('no;batch;Mass (g);score;Colour (lb);note;purity\n1;B1;0,27;single;3;fine;\n2;B1;0,29;cross;4;;33\n3;B2;29;none;5;broken;oops\n');
    expect(preview).toMatchObject({ form: 'csv', layout: 'wide', delimiter: ';', decimal: ',', rows: 3, bad: 1, profiles: 2 });
    expect(preview.columns.map(({ name, role, analyte, unit, storedUnit, shift, filled, examples }) => ({ name, role, analyte, unit, storedUnit, shift, filled, examples }))).toEqual([
      { name: 'no', role: 'ignored', analyte: undefined, unit: undefined, storedUnit: undefined, shift: undefined, filled: 3, examples: ['1', '2', '3'] },
      { name: 'batch', role: 'batch', analyte: undefined, unit: undefined, storedUnit: undefined, shift: undefined, filled: 3, examples: ['B1', 'B1', 'B2'] },
      { name: 'Mass (g)', role: 'analyte', analyte: 'mass', unit: 'g', storedUnit: 'mg', shift: 3, filled: 3, examples: ['0,27', '0,29', '29'] },
      { name: 'score', role: 'analyte', analyte: 'score-line', unit: 'word', storedUnit: 'word', shift: 0, filled: 3, examples: ['single', 'cross', 'none'] },
      { name: 'Colour (lb)', role: 'ignored', analyte: undefined, unit: undefined, storedUnit: undefined, shift: undefined, filled: 3, examples: ['3', '4', '5'] },
      { name: 'note', role: 'ignored', analyte: undefined, unit: undefined, storedUnit: undefined, shift: undefined, filled: 2, examples: ['fine', 'broken'] },
      { name: 'purity', role: 'analyte', analyte: 'purity', unit: 'percent', storedUnit: 'percent', shift: 0, filled: 2, examples: ['33', 'oops'] },
    ]);
    expect(preview.columns.map(({ note }) => note)).toEqual(['the number of a row', '', 'g turned into mg', 'one of none, single, cross, other', 'no panel has an analyte of this name', 'no panel has an analyte of this name', 'no unit is named; taken as percent']);
    expect(preview.faults.map(({ pointer }) => pointer)).toEqual(['/rows/2/purity']);
  });
});

describe('a partly bad table', () => {
  const text = 'batch_id,replicate,mass_mg\nB1,1,270\nB1,2,heavy\nB2,1,280\n';
  it('gives its good rows when it is asked to go on, and nothing otherwise', () => {
    expect(() => readTable(text)).toThrow();
    const { profiles, faults, bad, rows } = readTable(text, { keepGoing: true });
    expect(profiles.map(({ id }) => id)).toEqual(['B1/1', 'B2/1']);
    expect([bad, rows]).toEqual([1, 3]);
    expect(faults).toEqual([{ row: 1, column: 'mass_mg', pointer: '/rows/1/mass_mg', detail: 'line 3, column mass_mg: heavy is no reading' }]);
  });
});

describe('values that are hard to believe', () => {
  it('are kept and flagged, with the reason', () => {
    const { profiles, flags } = readTable('batch_id,replicate,mass_g,purity,thickness\nB1,1,0.29,50,3.8\nB1,2,0.29,0,38\nB1,3,29,50,3.8\nB1,4,,-5,3.9\nB2,1,0.3,0,\nB2,2,0.3,0,\n');
    expect(flags.map(({ profile, analyte, value, reason }) => [profile, analyte, value, reason])).toEqual([
      ['B1/2', 'thickness', 38, 'outside-plausible-range'], ['B1/2', 'purity', 0, 'nought-beside-values'], ['B1/3', 'mass', 29000, 'outside-plausible-range'], ['B1/4', 'purity', -5, 'negative'],
    ]);
    expect(readingsOf(profiles)[2]).toEqual({ mass: measured(29000), purity: measured(50), thickness: measured(3.8) });
  });

  it('stand out beside their fellows by a factor of ten', () => {
    const rows = (values: number[]): string => `specimen,replicate,tropacocaine\n${values.map((value, i) => `a,${i},${value}`).join('\n')}\n`;
    expect(readTable(rows([100, 110, 1000, 105])).flags.map(({ replicate, reason }) => [replicate, reason])).toEqual([]);
    expect(readTable(rows([100, 110, 1100, 105])).flags.map(({ replicate, reason }) => [replicate, reason])).toEqual([['2', 'apart-from-replicates']]);
    expect(readTable(rows([100, 9, 110, 105])).flags.map(({ replicate, reason }) => [replicate, reason])).toEqual([['1', 'apart-from-replicates']]);
    expect(readTable(rows([100, 9])).flags).toHaveLength(2);
  });
});

describe('peak areas', () => {
  it('are set beside those of the same method of one laboratory only', () => {
    const row = (laboratory: string, method: string, value: number): string => `B1,${laboratory},${method},${value}`;
    const flags = (...rows: string[]): number => readTable(`batch_id,laboratory,method,tropacocaine_area\n${rows.join('\n')}\n`).flags.length;
    expect(flags(row('A', 'M', 100), row('A', 'M', 110), row('B', 'M', 4e6), row('B', 'M', 4.1e6), row('A', 'N', 3), row('A', 'N', 3.1))).toBe(0);
    expect(flags(row('A', 'M', 100), row('A', 'M', 110), row('A', 'M', 4000), row('B', 'M', 4e6))).toBe(1);
    // contents are what they are, whoever read them
    expect(readTable('batch_id,laboratory,caffeine_percent,theophylline_percent\nB1,A,30,1\nB1,A,31,1\nB1,B,2.5,1\n').flags.map(({ reason }) => reason)).toEqual(['apart-from-replicates']);
  });
});

describe('columns of no panel', () => {
  const glass = '"id","batch_id","replicate","K39","Ti49","note"\n"1",1,1,2.9,-2.4,"a"\n"2",1,2,2.92,,"b"\n"3",2,1,3.3,<0.1,\n';
  it('make a panel of the table\'s own where that is wanted', () => {
    const { panels, profiles, columns } = readTable(glass, { ownPanel: true });
    expect(panels).toHaveLength(1);
    expect(panels[0]!.analytes.map(({ id, unit, scale }) => [id, unit, scale])).toEqual([['k39', '1', 'interval'], ['ti49', '1', 'interval']]);
    expect(columns.map(({ role }) => role)).toEqual(['ignored', 'batch', 'replicate', 'analyte', 'analyte', 'ignored']);
    expect(profiles.map(({ panel }) => panel.id)).toEqual(Array.from({ length: 3 }, () => panels[0]!.id));
    expect(() => readTable(glass)).toThrow();
  });

  it('make the same panel whatever the rows hold and the columns\' order is', () => {
    const other = readTable('Ti49,K39,batch_id\n7,8,x\n', { ownPanel: true }).panels[0]!;
    expect(other.id).toBe(readTable(glass, { ownPanel: true }).panels[0]!.id);
    expect(readTable('Ti49_mm,K39,batch_id\n7,8,x\n', { ownPanel: true }).panels[0]!.id).not.toBe(other.id);
  });

  it('leave a panel alone that knows them all', () => {
    expect(readTable('batch_id,mass_mg,purity\nx,270,30\n', { ownPanel: true }).panels.map(({ id }) => id)).toEqual(['tablet-measurements']);
    expect(readTable('batch_id,mass_mg,purity,magic_mm\nx,270,30,1\n', { ownPanel: true }).panels[0]!.analytes.map(({ id, unit, scale }) => [id, unit, scale])).toEqual([['mass', 'mg', 'amount'], ['purity', '1', 'interval'], ['magic', 'mm', 'amount']]);
  });
});

it('a hundred thousand rows take a time that grows with their number', () => {
  const table = (rows: number): string => `batch_id,replicate,diameter_mm,thickness_mm,mass_mg\n${Array.from({ length: rows }, (_, i) => `B${i >> 2},${i & 3},${8 + (i % 7) / 10},3.${i % 9},${250 + (i % 50)}`).join('\n')}\n`;
  const time = (rows: number): number => {
    const [text, start] = [table(rows), performance.now()];
    expect(readTable(text, { panels: PANELS }).profiles).toHaveLength(rows);
    return performance.now() - start;
  };
  time(5000);
  const few = time(10_000);
  // Ten times the rows; quadratic work would take a hundred times as long.
  expect(time(100_000)).toBeLessThan(40 * Math.max(few, 50));
});

describe('columns that the caller names', () => {
  const table = 'Muster-Nr;sample;Gewicht;purity\nT-1;x;0,27;33\n';

  it('are read as what they were named, and take it from a column whose own name says it', () => {
    const { profiles, columns } = readTable(table, { names: { 'Muster-Nr': 'specimen', 'Gewicht': 'mass [g]' } });
    expect(profiles).toMatchObject([{ specimen: 'T-1', replicates: [{ readings: { mass: { state: 'measured', value: 270 }, purity: { state: 'measured', value: 33 } } }] }]);
    expect(columns.map(({ name, role, note }) => [name, role, note])).toMatchObject([['Muster-Nr', 'specimen', ''], ['sample', 'ignored', 'another column was named for it'], ['Gewicht', 'analyte', expect.any(String)], ['purity', 'analyte', expect.any(String)]]);
  });

  it('must be there, and not be one thing twice', () => {
    const faultsOf = (names: Record<string, string>): string[] => previewTable(table, { names }).faults.map(({ detail }) => detail);
    expect(faultsOf({ Probe: 'specimen' })).toEqual(['column Probe: there is no such column; there are Muster-Nr, sample, Gewicht, purity']);
    expect(faultsOf({ 'Muster-Nr': 'specimen', 'Gewicht': 'specimen' })).toEqual(['column Gewicht: Muster-Nr says the same; leave one of them out']);
  });
});
