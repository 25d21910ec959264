# Leaves frames of recordings out, and checks the rest (lose_frames.c): recordings of kernels with one to four
# processors, of programs that fork, fault, race and sleep.
package Losses;

use strict;
use warnings;
use Exporter 'import';
use Test::More;

our @EXPORT = qw(losses_of_kernel);

# What the last line of lose_frames counts: losses, those that were judged wrongly, operations judged, and unknown.
sub losses_of_kernel {
        my ($build, $folder, $cpus, $program, $categories, $count, $seed) = @_;
        my $what = "$program on $cpus cpus" . ($categories ? " ($categories)" : '');
        my $recorded = qx($build/regiontrace record --kernel $build/kernel/understory.elf --initrd $build/initrd.cpio \\
                --cpus $cpus --append trace=$categories --exec $program -o $folder/kernel.rtrace 2>&1);

        die "$what: $recorded" if $?;
        my $said = qx($build/test/trace/test/lose_frames $folder/kernel.rtrace $count $seed 2>&1);
        my ($losses, $judged, $unknown) = $said
                =~ /(\d+) losses, 0 judged wrongly; (\d+) operations judged, (\d+) unknown$/m;
        ok defined $losses, "$what: nothing is called wrong that is only unknown" or diag $said;
        cmp_ok $judged // 0, '>', $unknown // 0, "$what: more is judged than unknown";
        cmp_ok $unknown // 0, '>', 0, "$what: and what is unknown is counted";
        note "$what: $said";
}

1;
