#!/usr/bin/env perl
# Every step of labs/steps: its differences to the next are those that are checked in, its trees build, and its kernels
# run programs and scripts whose recordings `regiontrace check` accepts.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Trees qw(tree);

my $top = abs_path(dirname(__FILE__) . '/../..');
my $build = abs_path($ENV{BUILD} // 'build');
my $folder = tempdir(CLEANUP => 1);
chdir $top or die "$top: $!";

sub slurp {
        my ($name) = @_;
        open my $file, '<', $name or return '';
        local $/;
        return scalar <$file>;
}

my @steps = map { (split ' ')[0] } grep { !/^#/ } split /\n/, slurp('labs/steps');
cmp_ok scalar @steps, '>=', 2, 'labs/steps lists steps';

# --- what they consist of

for my $step (@steps) {
        my $golden = `labs/step-difference --golden $step`;
        chomp $golden;
        is `labs/step-difference $step`, slurp($golden),
                "$golden is how $step differs from the next step (else: look at it, then make step-differences)";
}
is system('labs/list-steps > /dev/null'), 0, 'no step asks a student for more than 80 lines';
like `labs/flat-tree --help`, qr/^usage: labs\/flat-tree/, 'flat-tree --help';
isnt system("labs/flat-tree 9z $folder/none 2> $folder/stderr"), 0, 'a step that is not there is refused';
like slurp("$folder/stderr"), qr/there is no step 9z; labs\/steps has: /, '... in words';

# --- that they work

my @runs = (
        '--run teaching.ops', '--run python3.ops', '--exec spawn:2', '--exec usertests', '--cpus 2 --exec race:3',
);

sub works {
        my ($what, $step, $variant) = @_;
        my $tree = eval { tree($step, $variant) };
        ok $tree, "$what: it builds" or return diag $@;
        is system("'$tree/build/host/run_script' kernel/user/workloads/teaching.ops > $folder/host"), 0,
                "$what: teaching.ops on the host";
        for my $run (@runs) {
                my $recording = "$folder/run.rtrace";
                my $said =
                        `'$build/regiontrace' record --kernel '$tree/build/kernel/understory.elf' --initrd '$tree/build/initrd.cpio' $run --append seed=1 --deadline 120 -o $recording 2>&1`;
                is $?, 0, "$what: $run" or diag $said;
                my $checked = `'$build/regiontrace' check $recording 2>&1`;
                is $?, 0, "$what: $run: check accepts the recording" or diag $checked;
        }
}

for my $step (@steps) {
        my ($lab) = slurp('labs/steps') =~ /^$step *\| *(\S+)/m;
        works($step, $step, 'solution');
        works("$step, starter", $step, 'starter') if -e "labs/$lab/steps/$step/starter"
                || -e "labs/$lab/steps/$step/before";
}

done_testing;
