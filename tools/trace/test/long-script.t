#!/usr/bin/env perl
# The script of the benchmarks: under every awk that is installed its places lie where they should, 32 KiB apart.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $script = dirname(__FILE__) . '/../bench/long-script';
my $folder = tempdir(CLEANUP => 1);
my ($operations, $places) = (2000, 200_000);    # the last place lies beyond 4 GiB
my $mapped = '';
for (my $place = 0; $place < $places; $place += 2) {
        $mapped .= sprintf "map r%d 16K rw- at 0x%x\n", $place % 97, (1 << 20) + $place * (32 << 10);
}
my %printed;

for my $awk (grep { -x } map { my $name = $_; map { "$_/$name" } split /:/, $ENV{PATH} } qw(mawk gawk original-awk)) {
        unlink "$folder/awk";
        symlink $awk, "$folder/awk" or die "$folder/awk: $!\n";
        local $ENV{PATH} = "$folder:$ENV{PATH}";
        my $text = qx('$script' $operations $places);
        is $?, 0, "$awk: prints a script";
        ok index($text, "space 0x10000 0x7ffffffff000\n$mapped") == 0,
                "$awk: half of the places are mapped, each where it should be";
        $printed{$text} = $awk;
}
plan skip_all => 'no awk is installed by one of its own names' if !%printed;
is scalar keys %printed, 1, 'all print the same';
done_testing;
