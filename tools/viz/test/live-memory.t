#!/usr/bin/perl
# `regionviz live' takes no more memory than --memory allows, however many regions a recording has; or it says why not.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Terminal;

plan skip_all => 'there is no tmux' if system('command -v tmux > /dev/null 2>&1');

my $build = $ENV{BUILD} // 'build';
my $folder = tempdir(CLEANUP => 1);

# A tree that grows by one region in each operation.
sub record {
        my ($regions) = @_;

        open my $script, '>', "$folder/$regions.ops" or die "$folder/$regions.ops: $!";
        print $script "space 0x10000 0x7ffffffff000\n", map { 'map r' . $_ % 97 . " 16K rw- anywhere\n" } 1 .. $regions;
        close $script or die "$folder/$regions.ops: $!";
        system("$build/host/run_script $folder/$regions.ops -o $folder/$regions.rtrace > /dev/null") == 0
                or BAIL_OUT('run_script failed');
        return "$folder/$regions.rtrace";
}

# The most memory that the viewer had so far, in KiB.
sub largest {
        my ($terminal) = @_;

        open my $status, '<', '/proc/' . $terminal->process . '/status' or return;
        return (join('', <$status>) =~ /^VmHWM:\s+(\d+) kB/m)[0];
}

sub live { return Terminal->new(columns => 120, rows => 40, command => "$build/regionviz live @_") }

my $terminal = live('--memory 64', record(60000));

$terminal->type('G');
$terminal->wait_until(sub { $terminal->type('G'); $terminal->screen =~ /the run ends: passed.* END\b/s });
$terminal->shows(qr/regions +60,000.* END\b/s, 'a recording of 60,000 regions is indexed with 64 MiB');
my ($last) = $terminal->screen =~ /event [\d,]+ of ([\d,]+)/;
$last =~ tr/,//d;
for my $tenth (map { int($last * $_ / 10) } 9, 2, 7, 4, 5, 1, 8) {
        (my $number = reverse $tenth) =~ s/(\d{3})(?=\d)/$1,/g;
        $number = reverse $number;
        $terminal->type(':');
        $terminal->write($tenth);
        $terminal->type('Enter');
        $terminal->shows(qr/event $number of/, "it goes to event $number");
}
$terminal->type('c');
$terminal->shows(qr/the check takes more memory than --memory allows/, 'a check does not fit, and that is told');
cmp_ok largest($terminal), '<=', 64 << 10, 'all of that takes no more than 64 MiB';
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'it ends');

my $large = live('--memory 64', record(100000));
$large->shows(qr/at event [\d,]+ what is shown takes more than 22\.0 MiB, .* --memory allows more\s+ended with 2/s,
        'a moment that does not fit is told');
my $small = live('--memory 63', "$folder/60000.rtrace");
$small->shows(qr/--memory takes a number of MiB, 64 or more\s+ended with 2/s, 'less than 64 MiB is not enough');

done_testing;
