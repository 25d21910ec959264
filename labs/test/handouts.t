#!/usr/bin/env perl
# What the handouts say: the points are those of the cases, the files that they name are there, the predictions are right,
# and the make targets exist.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use Test::More;

my $top = abs_path(dirname(__FILE__) . '/../..');
my $build = abs_path($ENV{BUILD} // 'build');
my $make = $ENV{MAKE} // 'make';
chdir $top or die "$top: $!";

sub slurp {
        my ($name) = @_;
        open my $file, '<', $name or die "$name: $!";
        local $/;
        return scalar <$file>;
}

my $handout = slurp('labs/2-holes/README.md');
my %said = $handout =~ /^\| `([a-z-]+)` \| (\d+) \|/mg;
my %given = map { basename($_, '.case') => slurp($_) =~ /^points (\d+)$/m } glob 'labs/2-holes/cases/*.case';
is_deeply \%said, \%given, 'the table of points is that of the cases';
my $sum = 0;
$sum += $_ for values %given;
is $sum, 100, 'a hundred points in all';

is system('labs/flat-tree', '--starter', '2a', "$build/steps/2a/starter"), 0, 'the starter of 2a';
my $tree = "$build/steps/2a/starter";
ok -e "$tree/$_" || -e "labs/2-holes/$_", "$_ is there"
        for grep { !/^build|^my\./ } $handout =~ /[`(]([\w\/.-]+\.(?:c|h|md|svg|txt))[`)]/g;
my $targets = `'$make' --no-print-directory help`;
ok $targets =~ /^make \Q$_\E /m, "make $_" for grep { $_ ne 'it' } $handout =~ /^    make (\w+)/mg;

for my $n (1, 2) {
        my $said = `'$build/host/run_script' labs/2-holes/predictions/$n.ops`;
        is $?, 0, "prediction $n has the answers that predictions/$n.ops gives" or diag $said;
}

# Every mutant names a case that is there, and applies.
for my $patch (glob 'labs/2-holes/mutants/*.patch') {
        my ($case) = slurp($patch) =~ /\Acase: ([a-z-]+)\n\S/;
        ok $case && $given{$case}, basename($patch) . ': its first line names a case, its second the mistake';
        is system("patch --dry-run -s -p1 -d labs/2-holes/steps/2a < $patch > /dev/null"), 0, '... and it applies to the solution';
}
cmp_ok scalar(() = glob 'labs/2-holes/mutants/*.patch'), '>=', 8, 'at least eight mutants';

done_testing;
