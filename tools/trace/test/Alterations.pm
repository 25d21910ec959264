# Alters the events of a recording one at a time, and checks each (alter_events.c). Two recordings have most kinds of
# events: a script on the host build, and a kernel with two processors, locks and processes. The rest are in recordings
# of the labs' early kernels: lists, free ranges, a cache of look-ups, two authorities.
package Alterations;

use strict;
use warnings;
use Exporter 'import';
use Test::More;

our @EXPORT = qw(alterations_of_script alterations_of_kernel alterations_of_early);

my $teaching = 'kernel/user/workloads/teaching.ops';

sub alter {
        my ($build, $path, $each, $what, $part) = @_;
        my $said = qx($build/test/trace/test/alter_events $path $each 2>&1);
        my ($made, $found) = $said =~ /^\d+ events: (\d+) alterations, (\d+) found/m;

        is $?, 0, "$what: what is not found is harmless" or diag $said;
        cmp_ok $found // 0, '>', $part * ($made // 1), "$what: so many alterations are found, at least";
        note "$what: $found of $made found";
}

sub alterations_of_script {
        my ($build, $folder, $each) = @_;

        system("$build/host/run_script $teaching -o $folder/script.rtrace > $folder/verdict") == 0
                or die "run_script failed\n";
        alter($build, "$folder/script.rtrace", $each, 'teaching.ops', 0.8);
}

# `$tree` is the folder of a step's tree (labs/test/Trees.pm).
sub alterations_of_early {
        my ($build, $folder, $tree, $step, $each) = @_;

        system("$tree/build/host/run_script $teaching -o $folder/early.rtrace > $folder/verdict") == 0
                or die "run_script of step $step failed\n";
        alter($build, "$folder/early.rtrace", $each, "teaching.ops on step $step", 0.75);
}

sub alterations_of_kernel {
        my ($build, $folder, $each) = @_;

        system("$build/regiontrace record --kernel $build/kernel/understory.elf --initrd $build/initrd.cpio --cpus 2 " .
               "--append trace=+lock --exec spawn:2 -o $folder/kernel.rtrace > $folder/verdict 2>&1") == 0
                or die "record failed\n";
        alter($build, "$folder/kernel.rtrace", $each, 'a kernel of two processors', 0.8);
}

1;
