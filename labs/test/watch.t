#!/usr/bin/env perl
# Lab 0, as a student has it: the archive holds the kernel without its sources, builds in an empty folder, and does what
# its README says, command by command.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__), dirname(__FILE__) . '/../../tools/viz/test';
use Terminal;

my $top = abs_path(dirname(__FILE__) . '/../..');
my $build = abs_path($ENV{BUILD} // 'build');
my $folder = tempdir(CLEANUP => 1);
delete local @ENV{qw(MAKEFLAGS MAKELEVEL BUILD)};
local $ENV{CI} = 'true';
local $ENV{PATH} = -d '/usr/lib/ccache' ? "/usr/lib/ccache:$ENV{PATH}" : $ENV{PATH};

sub slurp {
        my ($name) = @_;
        open my $file, '<:raw', $name or die "$name: $!";
        local $/;
        return scalar <$file>;
}

sub spew {
        my ($name, $text) = @_;
        open my $file, '>', $name or die "$name: $!";
        print $file $text;
        close $file;
}

# --- the archive

my $made = `cd '$top' && BUILD='$build' labs/grade/release 0 '$folder/release' 2>&1`;
is $?, 0, 'release' or BAIL_OUT $made;
is system("tar xzf '$folder/release/understory-lab-0.tar.gz' -C '$folder'"), 0, 'it unpacks';
my $tree = "$folder/understory-lab-0";
chdir $tree or die "$tree: $!";
is `git status --porcelain`, '', 'its repository has all of it';
is_deeply [ split ' ', `find kernel -name '*.[cS]' | sort` ], [qw(kernel/lib/error.c kernel/test/op_script.c)],
        'of the kernel it has no source but the two that the tools share with it';
is `find . -name '*.patch' -o -name steps -type d -o -name mutants -o -name cases -type d`, '',
        '... and nothing of other labs';
is `find . -name rubric.md`, '', '... nor the right answers';
my $sections = `readelf --wide --sections kernel/prebuilt/understory.elf`;
like $sections, qr/ \.text /, 'the kernel is there,';
unlike $sections, qr/\.debug|\.symtab/, '... without symbols and debug information';
is scalar(grep { `readelf --wide --sections $_` =~ /\.debug|\.symtab/ } glob 'kernel/prebuilt/programs/*'), 0,
        '... nor have its programs any';
ok index(slurp('kernel/prebuilt/understory.elf'), $top) < 0, 'the kernel names no folder of this machine';

# --- the README

my $readme = slurp('README.md');
my %shown = map { $_ => 1 } $readme =~ /^!\[.*?\]\((\S+)\)$/mg;
is_deeply [ sort keys %shown ], [qw(find.svg refused.svg space.svg)], 'the README has three pictures';
ok -s $_, "$_ is there" for sort keys %shown;
my @commands = map { s/ +#.*//r } $readme =~ /^    ((?:make|build\/).*)$/mg;
cmp_ok scalar @commands, '>', 15, 'it has commands: ' . @commands;

my %interactive = map { $_ => 1 } 'make run', 'make doctor', 'build/regionviz live watch.rtrace --tree 2 --at op:1',
        'make live RUN=watch.ops';
my %said;
for my $command (@commands) {
        next if $interactive{$command};
        # The second of the four answers is wrong: no space begins there.
        my $typed = $command =~ /^make predict/ ? "printf '0x10000\\n0x1\\n0x10000\\nno_memory\\n' | " : '';
        $said{$command} = `($typed$command) 2>&1`;
        is $? >> 8, $command eq 'make record RUN=predictions.ops' ? 2 : 0, $command or diag $said{$command};
}

my $recorded = $said{'make record RUN=watch.ops'};
like $recorded, qr/^check: passed: \d+ events, 22 operations on 2 trees, 2 keyframes, lost: 0, 1 script$/m,
        'watch.ops does what the page says';
my ($documented) = $readme =~ /^    (check: .*)$/m;
is $documented =~ s/\d+ events/N events/r, ($recorded =~ /^(check: .*)$/m)[0] =~ s/\d+ events/N events/r,
        '... in these words';
like $said{'make lab'}, qr/^Lab 0, step 0: watch a kernel$/m, 'make lab says which lab it is';
like $said{'build/regionviz tree watch.rtrace --at op:14 --text'},
        qr/place_anywhere\(log, 5 pages\).*1\. 18000.*2\. 20000.*3\. 28000.*taken/s,
        'operation 14 is the request to be drawn by hand';
like slurp('search.svg'), qr/<svg /, '... and a picture';
like `build/regionviz tree watch.rtrace --at op:13 --text`, qr/Refused: the largest hole has 5 pages, needed are 6/,
        'operation 13 is refused';
like `build/regionviz tree watch.rtrace --at op:17 --text`, qr/place_anywhere\(big, 6 pages\) → 19000/,
        'operation 17 fits where the heap was';
unlike $readme . join('', map { slurp($_) } sort keys %shown), qr/0x23000|log rw-/,
        'neither the page nor its pictures say where that goes';
my $rotations = `build/regiontrace dump --event tree_rotate watch.rtrace | wc -l`;
cmp_ok $rotations, '>=', 2, 'the tree is rotated while it grows';

my $predicted = $said{'make predict STUDENT=yourname'};
like $predicted, qr/^Kept in predictions\.ops\. \d of 4 are right:$/m, 'predictions are kept';
like $predicted, qr/make record RUN=predictions\.ops/, '... and it is said how to see what happens';
like $said{'make record RUN=predictions.ops'}, qr/predictions\.ops:\d+: expected 0x\w+, got /,
        'a wrong prediction stops the run at its line';

my $faults = $said{'build/regiontrace dump --event page_fault faults.rtrace'};
cmp_ok scalar(() = $faults =~ /verdict=filled/g), '>=', 2, 'pages are filled when they are touched';
like $said{'build/regiontrace dump faults.rtrace | grep -B 8 page_fault'},
        qr/kind=find.*tree_visit.*decision=found.*tree_end.*verdict=filled/s,
        '... after the tree was asked for the region';
like $said{'build/regiontrace dump --event page_fault null.rtrace | tail -n 1'}, qr/verdict=not_mapped region=0/,
        'an address in no region';

# --- the keys

my $view = Terminal->new(columns => 130, rows => 40, command => "build/regionviz live watch.rtrace --tree 2 --at op:1");
$view->shows(qr/op 1 place_specifically\(text, 3 pages at 14000\)/,
        'the view opens at the first operation of the script');
$view->type(']', ']', ']');
$view->shows(qr/op 4 place_specifically\(lib.*B 18000/s, '] goes to the next operations, and the tree has grown');
$view->type(':', 'op:14', 'Enter');
$view->shows(qr/op 14 place_anywhere\(log, 5 pages\)/, ': and op:14 go to the request for five pages');
$view->type('p', 'Right');
$view->shows(qr/what is decided\?/, 'p asks before it shows');
$view->type('Escape', 'q');
$view->shows(qr/ended with 0/, 'q ends');

# --- the points

my $grade = `make grade 2>&1`;
like $grade, qr/^passed    50\/50  prediction: made by yourname, \d of 4 right$/m,
        'a prediction gives its points, right or wrong';
like $grade, qr/^missed     0\/50  answers: 0 of 2 questions in answers\.txt are answered/m, 'no answers give none';
like $grade, qr/: 50 of 100 points$/m, '... so that is half';
my $answers = slurp('answers.txt');
spew('answers.txt', $answers =~ s/^2\./   data, lib, pipe; three boxes.\n\n2./mr);
like `make grade 2>&1`, qr/answers: 1 of 2 questions/, 'one answer is counted';
spew('answers.txt', "data\nfind\n");
like `make grade 2>&1`, qr/answers: 0 of 2 questions/, 'text without the questions answers none';
spew('answers.txt', $answers =~ s/^2\./data, lib, pipe.\n\n2./mr =~ s/^Time/It looks for the region; there is none.\n\nTime/mr);
like `make grade 2>&1`, qr/^passed    50\/50  answers: 2 of 2 .*: 100 of 100 points$/ms, 'both give all points';
spew('secret', "a secret\n");
my $graded = `build/grade --step 0 --secret secret --student ada\@example.org --output graded --results results.json 2>&1`;
is $?, 0, 'graded as Gradescope does it' or diag $graded;
my $results = decode_json(slurp('results.json'));
is $results->{score}, 100, '... results.json has the score';
is_deeply [ map { "$_->{score}/$_->{max_score}" } @{ $results->{tests} } ], ['50/50', '50/50'], '... and both parts';
my %points = $readme =~ /^\| `(\w+)` \| (\d+) \|/mg;
is_deeply \%points, { prediction => 50, answers => 50 }, '... which are those of the page';
unlink 'predictions.ops', 'answers.txt';
$grade = `make grade 2>&1`;
like $grade, qr/predictions\.ops was not handed in.*answers\.txt was not handed in.*: 0 of 100 points/s,
        'nothing is worth nothing';
like `make film 2>&1`, qr/The kernel comes without its sources here/, 'what needs the sources says so';
chdir $top;
done_testing;
