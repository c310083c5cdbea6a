/** Sixty tables as people send them, each wrong in its own way. */
import type { TableInput, TableOptions } from '../../src/profiling/index.ts';

export interface MalformedTable {
  readonly what: string;
  readonly input: TableInput;
  readonly options?: TableOptions;
  /** `table-invalid` when left out. */
  readonly code?: 'table-unreadable';
  /** Every pointer of the problem, in order. */
  readonly pointers: readonly string[];
  /** What the details must name, of the problem or its errors. */
  readonly says: readonly (string | RegExp)[];
  /** Ids of the profiles that are read when asked to go on; none when it is refused all the same. */
  readonly good?: readonly string[];
}

const cell = (text: string, says: string | RegExp, header = 'mass_mg'): Pick<MalformedTable, 'input' | 'pointers' | 'says' | 'good'> => ({
  input: `batch_id,replicate,${header}\nB1,1,271\nB1,2,${text}\nB2,1,265\n`, pointers: [`/rows/1/${header}`], says: [says, `line 3, column ${header}`], good: ['B1/1', 'B2/1'],
});
const commas = (text: string, says: string | RegExp): Pick<MalformedTable, 'input' | 'pointers' | 'says' | 'good'> => ({
  input: `batch_id;replicate;mass_mg\nB1;1;271,5\nB1;2;${text}\nB2;1;265,1\n`, pointers: ['/rows/1/mass_mg'], says: [says, 'line 3, column mass_mg'], good: ['B1/1', 'B2/1'],
});
const column = (header: string, says: string | RegExp): Pick<MalformedTable, 'input' | 'pointers' | 'says' | 'good'> => ({
  input: `batch_id,replicate,mass_mg,${header}\nB1,1,271,3\nB2,1,265,4\n`, pointers: [`/columns/${header.replaceAll('~', '~0').replaceAll('/', '~1')}`], says: [says, `column ${header}`], good: ['B1/1', 'B2/1'],
});
const fact = (header: string, text: string, says: string | RegExp, options?: TableOptions): Pick<MalformedTable, 'input' | 'pointers' | 'says' | 'good' | 'options'> => ({
  input: `specimen,${header},safrole,piperonal\na,,1,2\nb,${text},1,2\n`, pointers: [`/rows/1/${header}`], says: [says, `line 3, column ${header}`], good: ['a'], options,
});
const unreadable = (input: TableInput, says: string | RegExp, pointers: readonly string[] = []): Pick<MalformedTable, 'input' | 'code' | 'pointers' | 'says'> => ({ input, code: 'table-unreadable', pointers, says: [says] });
const long = (row: string, header: string, says: string | RegExp, good: readonly string[] = ['a', 'b']): Pick<MalformedTable, 'input' | 'pointers' | 'says' | 'good'> => ({
  input: `specimen,replicate,analyte,value,unit,lod\na,1,mass,271,mg,1\n${row}\nb,1,mass,265,mg,\n`, pointers: [`/rows/1/${header}`], says: [says, `line 3, column ${header}`], good,
});

export const MALFORMED: readonly MalformedTable[] = [
  // cells
  { what: 'a word for a number', ...cell('heavy', 'heavy is no reading') },
  { what: 'two decimal points', ...cell('27.1.0', '27.1.0 is no reading') },
  { what: 'a unit in the cell', ...cell('271 mg', 'write mg into the name of the column') },
  { what: 'a percent sign in the cell', ...cell('33%', 'write % into the name of the column', 'purity') },
  { what: 'more than the method measures', ...cell('>500', 'above what the method measures') },
  { what: 'a hyphen, which may mean two things', ...cell('-', 'not detected or not analysed') },
  { what: 'a long dash', ...cell('—', 'not detected or not analysed') },
  { what: 'an estimate', ...cell('~270', 'write the value alone') },
  { what: 'a value with its uncertainty', ...cell('270±3', '270±3') },
  { what: 'a limit without a number', ...cell('<', 'no limit that can be read') },
  { what: 'a limit that is a word', ...cell('<some', 'no limit that can be read') },
  { what: 'a limit below nought', ...cell('<-3', 'a limit is above nought') },
  { what: 'a limit of nought', ...cell('<0', 'a limit is above nought') },
  { what: 'a number that no computer holds', ...cell('1e999', 'too large a number') },
  { what: 'infinity', ...cell('inf', 'inf is no reading') },
  { what: 'an error of the spreadsheet', ...cell('#DIV/0!', '#DIV/0! is no reading') },
  { what: 'a formula', ...cell('=A1*2', '=A1*2 is no reading') },
  { what: 'a date where Excel saw one', ...cell('03-Mär', '03-Mär') },
  { what: 'a decimal comma among points', ...{ ...cell('"271,5"', 'has a decimal comma'), input: 'batch_id,replicate,mass_mg\nB1,1,271.5\nB1,2,"270,5"\nB2,1,265.5\n' } },
  { what: 'a decimal point among commas', ...commas('270.5', 'has a decimal point') },
  { what: 'separators of thousands beside commas', ...commas('1.270,5', 'separators of thousands') },
  { what: 'a thousand in quotes', ...{ ...cell('', 'decimal comma'), input: 'batch_id,replicate,mass_mg\nB1,1,271\nB1,2,"1,271"\nB2,1,265\n' } },
  { what: 'a blank between thousands', ...cell('1 271', 'separators of thousands') },
  { what: 'two values in a cell', ...cell('271/272', '271/272') },
  { what: 'a fraction', ...cell('1/2', '1/2') },
  { what: 'a hexadecimal number', ...cell('0x1F', '0x1F') },
  { what: 'a word that the category does not have', input: 'specimen,mass_mg,coating\na,270,film\nb,271,gold\n', pointers: ['/rows/1/coating'], says: ['gold is none of none, film, sugar, other', 'line 3, column coating'], good: ['a'] },
  // rows
  { what: 'a row with a cell too many', input: 'batch_id,replicate,mass_mg\nB1,1,271\nB1,2,271,5\nB2,1,265\n', pointers: ['/rows/1'], says: ['4 cells where the names of columns are 3', 'line 3'], good: ['B1/1', 'B2/1'] },
  { what: 'a row with a cell too few', input: 'batch_id,replicate,mass_mg\nB1,1\nB1,2,270\n', pointers: ['/rows/0'], says: ['2 cells where', 'line 2'], good: ['B1/2'] },
  { what: 'decimal commas between commas', input: 'batch_id,replicate,mass_mg,purity\nB1,1,271,5,33,1\nB1,2,270,4,33,9\n', pointers: ['/rows/0', '/rows/1'], says: ['6 cells where the names of columns are 4', 'decimal comma'] },
  { what: 'a replicate that stands twice', input: 'specimen,replicate,mass_mg\na,1,271\na,1,272\nb,1,273\n', pointers: ['/rows/1/replicate'], says: ['profile a has replicate 1 in an earlier row', 'line 3'], good: ['a', 'b'] },
  { what: 'a specimen of a batch that stands twice', input: 'batch_id,replicate,mass_mg\nB1,1,271\nB1,1,272\n', pointers: ['/rows/1/replicate'], says: ['profile B1/1 has replicate 1'], good: ['B1/1'] },
  { what: 'a profile of two batches', input: 'profile,batch,mass_mg\np,B1,271\np,B2,272\n', pointers: ['/rows/1/profile'], says: ['profile p has other facts in an earlier row'], good: ['p'] },
  { what: 'faults in many rows, all of them named', input: 'batch_id,replicate,mass_mg,purity\nB1,1,x,y\nB1,2,271,33\nB1,3,270,z\n', pointers: ['/rows/0/mass_mg', '/rows/0/purity', '/rows/2/purity'], says: ['x is no', 'y is no', 'z is no', 'line 2, column mass_mg', 'line 4, column purity'], good: ['B1/2'] },
  { what: 'no good row at all', input: 'batch_id,replicate,mass_mg\nB1,1,x\nB1,2,y\n', pointers: ['/rows/0/mass_mg', '/rows/1/mass_mg'], says: ['x is no', 'y is no'] },
  { what: 'a row below an empty line, by the line it stands in', input: 'batch_id,replicate,mass_mg\n\nB1,1,271\n\n\nB1,2,x\n', pointers: ['/rows/1/mass_mg'], says: ['line 6, column mass_mg'], good: ['B1/1'] },
  // facts
  { what: 'a day of another country', ...fact('date', '14.03.2026', 'write it as 2026-03-14') },
  { what: 'a day that the calendar does not have', ...fact('date', '2026-02-30', '2026-02-30 is no day') },
  { what: 'a control sample that may be one', ...fact('control', 'maybe', 'neither yes nor no') },
  { what: 'a method family that the panel does not have', ...fact('method_family', 'nose', 'nose is no method family of mdma-impurities; it has gc-ms') },
  { what: 'a novel for a laboratory', ...fact('laboratory', 'x'.repeat(501), '501 letters') },
  // columns
  { what: 'a unit that is none', ...column('Diameter (lb)', 'lb is no unit that is known; Diameter is stored in mm') },
  { what: 'a unit of something else', ...column('diameter_mg', 'mg is no unit of Diameter') },
  { what: 'a unit for a word', ...column('coating (mm)', 'Coating is a word and has no unit') },
  { what: 'one analyte in two columns', ...column('weight_g', 'mass_mg is Mass as well') },
  { what: 'one column twice', input: 'batch_id,replicate,mass_mg,mass_mg\nB1,1,271,272\n', pointers: ['/columns/mass_mg'], says: ['mass_mg is Mass as well'], good: ['B1/1'] },
  { what: 'two columns for the batch', input: 'batch_id,lot,replicate,mass_mg\nB1,B9,1,271\n', pointers: ['/columns/lot'], says: ['batch_id says the same'], good: ['B1/1'] },
  { what: 'a slash in the name of a faulty column', ...column('width_mg/g', 'mg/g is no unit of Width') },
  { what: 'no column that is known', input: 'batch_id,replicate,magic\nB1,1,271\n', pointers: ['/columns'], says: ['no column is an analyte that is known (batch_id, replicate, magic)'] },
  { what: 'a table without names of columns', input: 'B1,1,271\nB1,2,270\n', pointers: ['/columns'], says: ['no column is an analyte that is known (B1, 1, 271)'] },
  { what: 'two columns of one name that no panel knows', input: 'batch_id,K39,k-39\nB1,1,2\nB2,3,4\n', options: { ownPanel: true }, pointers: ['/columns/k-39'], says: ['the same'], good: ['B1/row-1', 'B2/row-2'] },
  // long tables
  { what: 'an analyte that the panel does not have', ...long('a,1,magic,3,mg,', 'analyte', 'magic (mg) is no analyte of the panels') },
  { what: 'a reading without an analyte', ...long('a,1,,3,mg,', 'analyte', 'the analyte is missing') },
  { what: 'a unit of something else in a row', ...long('a,1,diameter,3,mg,', 'analyte', 'mg is no unit of Diameter') },
  { what: 'a reading that is a word', ...long('a,1,diameter,wide,mm,', 'value', 'wide is no reading') },
  { what: 'a limit of detection that is a word', ...long('a,1,diameter,9,mm,low', 'lod', 'low is no reading') },
  { what: 'an analyte that stands twice in a replicate', ...long('a,1,weight,270,mg,', 'analyte', 'mass stands in an earlier row of replicate 1 of profile a') },
  // JSON
  { what: 'a row that is a list', input: [{ specimen: 'a', mass_mg: 271 }, [1, 2]], pointers: ['/rows/1'], says: ['row 1', 'a row is an object of columns'], good: ['a'] },
  { what: 'a cell that is an object', input: { rows: [{ specimen: 'a', mass_mg: { value: 271 } }, { specimen: 'b', mass_mg: 3 }] }, pointers: ['/rows/0/mass_mg'], says: ['row 0, column mass_mg'], good: ['b'] },
  // bytes
  { what: 'nothing', ...unreadable('', 'it is empty') },
  { what: 'names of columns alone', ...unreadable('batch_id,replicate,mass_mg\n', 'no row below the names') },
  { what: 'a spreadsheet file', ...unreadable(new Uint8Array([0x50, 0x4b, 3, 4, 20, 0]), 'export the sheet as CSV') },
  { what: 'bytes of another encoding', ...unreadable(new Uint8Array([...Buffer.from('specimen,mass_mg\nM'), 0xfc, ...Buffer.from('ller,271\n')]), 'UTF-8') },
  { what: 'bytes that are no text', ...unreadable(new Uint8Array([1, 0, 2, 0, 0, 0]), 'no text') },
  { what: 'a quote that nobody closes', ...unreadable('batch_id,replicate,mass_mg\nB1,1,271\nB1,"2,272\nB2,1,270\n', /line \d/, ['/rows/1']) },
  { what: 'a quote within a cell', ...unreadable('batch_id,replicate,mass_mg\nB1,1,271\nB1,2"x,272\n', 'line 3', ['/rows/1']) },
  { what: 'JSON that is cut off', ...unreadable('[{"specimen": "a", "mass_mg": 27', 'begins like JSON') },
  { what: 'JSON of another shape', ...unreadable('{"profiles": 3}', 'neither a list of rows nor') },
];
