#!/usr/bin/env perl
# The page of `regionviz html' in real browsers, for three recordings, of which the kernel made one (the demo's): every
# step forward and back; at 200 random moments all that it shows, compared with `regionviz tree --json'; the keyboard
# alone; axe-core; a phone's width; a frame without rights; nothing on the console, nothing requested. ESLint reads its
# scripts. The checks are in page/, a file for each kind. What they are doing is said on the standard error.
#
# It needs Chromium or Firefox, Node.js, and three packages of npm, which are no part of the project. Once:
#
#       npm install --prefix build/node puppeteer-core@24 axe-core@4 eslint@9
#
# All of it takes minutes. A part of it, and how many browsers run side by side (one for each processor):
#
#       RECORDINGS='teaching python3' BROWSERS=firefox JOBS=1 prove tools/viz/test/slow/page.t
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Copy qw(copy);
use Test::More;

my $here = abs_path(dirname(__FILE__));
my $build = abs_path($ENV{BUILD} // 'build');
my $make = $ENV{MAKE} // 'make';
my $modules = "$build/node/node_modules";
my $install = "npm install --prefix build/node puppeteer-core\@24 axe-core\@4 eslint\@9";
my @recordings = split ' ', $ENV{RECORDINGS} // 'teaching python3 demo';
my @browsers = split ' ', $ENV{BROWSERS} // 'chrome firefox';
my $jobs = $ENV{JOBS} // qx(nproc);

sub command {
        my @names = @_;
        my ($found) = grep { -x } map { my $folder = $_; map { "$folder/$_" } @names } split /:/, $ENV{PATH};
        return $found;
}

sub shell {
        my ($command) = @_;
        system("$command > $build/node/command.log 2>&1") == 0 or BAIL_OUT("see $build/node/command.log: $command");
}

my %program = (
        chrome => command(qw(chromium chromium-browser google-chrome)),
        firefox => command(qw(firefox-esr firefox)),
);
my %ops = (teaching => 'kernel/user/workloads/teaching.ops', python3 => "$build/workloads/python3.ops", demo => undef);

plan skip_all => 'no node' unless command('node');
plan skip_all => "no packages: $install" if grep { !-d "$modules/$_" } qw(puppeteer-core axe-core eslint);
BAIL_OUT("no recording $_") for grep { !exists $ops{$_} } @recordings;
BAIL_OUT("no browser $_") for grep { !exists $program{$_} } @browsers;
shell("$make --no-print-directory BUILD=$build $build/host/run_script $build/regionviz $build/workloads/python3.ops");

# --- the scripts, as the one that they are in the page

open my $script, '>', "$build/node/script.js" or die;
for my $part (qw(state drawing skyline player)) {
        open my $file, '<', "$here/../../html/$part.js" or die;
        print {$script} <$file>;
}
close $script;
copy("$here/../../html/eslint.config.mjs", "$build/node/eslint.config.mjs") or die;
my $said = `cd $build/node && node node_modules/eslint/bin/eslint.js --max-warnings 0 script.js 2>&1`;
is $?, 0, 'ESLint finds nothing in the scripts' or diag $said;

# --- the page, in several browsers at a time

for my $name (@recordings) {
        my $recording = "$build/node/$name.rtrace";
        if ($name eq 'demo') {
                diag 'the demo is recorded';
                shell("$make --no-print-directory BUILD=$build demo");
                copy("$build/demo/run.rtrace", $recording) or die;
        } else {
                shell("$build/host/run_script $ops{$name} -o $recording");
        }
        shell("$build/regionviz html $recording -o $build/node/$name.html");
}

# Starts the checks of a recording in a browser. What they print goes into a file.
sub start {
        my ($job) = @_;
        my ($name, $browser) = @$job{qw(name browser)};
        $job->{log} = "$build/node/$name-$browser.log";
        defined(my $process = fork) or die "fork: $!";
        return $process if $process;
        chdir "$build/node" or die;
        open STDOUT, '>', $job->{log} or die;
        exec 'timeout', '1500', 'node', "$here/page/drive.mjs", $browser, $program{$browser}, "$name.html",
                "$build/node/$name.rtrace", "$build/regionviz" or die;
}

sub judge {
        my ($job, $status) = @_;
        my $of = "$job->{name} in $job->{browser}";
        open my $log, '<', $job->{log} or die;
        my $result = do { local $/; <$log> } // '';
        cmp_ok scalar(() = $result =~ /^ok /mg), '>=', 30, "$of: checks that hold" or diag $result;
        is $status, 0, "$of: all of them" or diag join "\n", $result =~ /^(?:not ok|#).*/mg;
}

# The longest first, so that the last to end is a short one.
my @waiting = map { my $name = $_; map { { name => $name, browser => $_ } } @browsers } reverse @recordings;
my %running;
for my $job (grep { !$program{$_->{browser}} } @waiting) {
        SKIP: { skip "no $job->{browser}", 2 }
}
@waiting = grep { $program{$_->{browser}} } @waiting;
while (@waiting || %running) {
        while (@waiting && keys %running < $jobs) {
                my $job = shift @waiting;
                $running{start($job)} = $job;
        }
        my $ended = wait;
        judge(delete $running{$ended}, $? >> 8) if $running{$ended};
}

# --- the size of a page

# Makes a page of a script, and returns how many operations are in it.
sub page_of {
        my ($name, @lines) = @_;
        open my $ops, '>', "$build/node/$name.ops" or die;
        print $ops "space 0x10000 0x7ffffffff000\n", @lines;
        close $ops;
        shell("$build/host/run_script $build/node/$name.ops -o $build/node/$name.rtrace");
        my $words = `$build/regionviz html $build/node/$name.rtrace -o $build/node/$name.html`;
        like $words, qr/^Left out: /m, "$name: more operations than fit";
        cmp_ok -s "$build/node/$name.html", '<', 3_000_000, 'a page is less than 3 MB' or diag $words;
        return $words =~ /, ([\d,]+) operations, / ? $1 =~ tr/,//dr : 0;
}

is page_of('many', "seed 1\n", map {
        (sprintf("map r%d %dK rw- anywhere\n", $_, 4 * (1 + $_ % 7)),
         $_ % 3 ? () : sprintf("unmap 0x%x 4K\n", 0x10000 + 0x1000 * ($_ * 13 % 400)))
} 1 .. 1700), 2000, 'a page has 2,000 operations at most';

# Operations with many visits and changes fill a page sooner. They are left out, too.
my ($seed, @place) = (7, 1 .. 2000);
for my $i (reverse 1 .. $#place) {
        $seed = ($seed * 1103515245 + 12345) % 2**31;
        my $j = int($seed / 65536) % ($i + 1);
        @place[$i, $j] = @place[$j, $i];
}
cmp_ok page_of('long', map { sprintf "map r%d 4K rw- at 0x%x\n", $_, 0x10000 + 0x1000 * ($_ * 9 + $_ % 8) } @place),
        '>', 1000, 'and fewer that are longer';
done_testing;
