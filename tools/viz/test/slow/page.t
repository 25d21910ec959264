#!/usr/bin/env perl
# The page of `regionviz html' in real browsers, for three recordings (the demo's, by the kernel, is one): every step forward and back; at 200 random moments all
# that it shows, compared with `regionviz tree --json'; the keyboard alone; axe-core; a phone's width; a frame without
# rights; nothing on the console, nothing requested. ESLint reads its scripts.
#
# It needs Chromium or Firefox, Node.js, and three packages of npm, which are no part of the project. Once:
#
#       npm install --prefix build/node puppeteer-core@24 axe-core@4 eslint@9
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

sub command { my ($found) = grep { -x } map { my $folder = $_; map { "$folder/$_" } @_ } split /:/, $ENV{PATH}; return $found }

my %browser = (chrome => command(qw(chromium chromium-browser google-chrome)), firefox => command(qw(firefox-esr firefox)));
plan skip_all => 'no node' unless command('node');
plan skip_all => "no packages: $install" if grep { !-d "$modules/$_" } qw(puppeteer-core axe-core eslint);
system("$make --no-print-directory BUILD=$build $build/host/run_script $build/regionviz $build/workloads/python3.ops > $build/node/make.log 2>&1") == 0
        or BAIL_OUT("cannot build: see $build/node/make.log");

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

# --- the page

system("$make --no-print-directory BUILD=$build demo > $build/node/demo.log 2>&1") == 0 or BAIL_OUT("no demo: see $build/node/demo.log");
my %ops = (teaching => 'kernel/user/workloads/teaching.ops', python3 => "$build/workloads/python3.ops");

for my $name (qw(teaching python3 demo)) {
        system($name eq 'demo' ? "cp $build/demo/run.rtrace $build/node/demo.rtrace" :
               "$build/host/run_script $ops{$name} -o $build/node/$name.rtrace > /dev/null") == 0 or BAIL_OUT("$name cannot be run");
        system("$build/regionviz html $build/node/$name.rtrace -o $build/node/$name.html > /dev/null") == 0 or BAIL_OUT('no page');
        for my $browser (sort keys %browser) {
                SKIP: {
                        skip "no $browser", 1 unless $browser{$browser};
                        my $result = `cd $build/node && timeout 1500 node $here/page.mjs $browser $browser{$browser} $name.html $build/node/$name.rtrace $build/regionviz 2>&1`;
                        my $status = $? >> 8;

                        cmp_ok scalar(() = $result =~ /^ok /mg), '>=', 24, "$name in $browser: checks that hold" or diag $result;
                        is $status, 0, "$name in $browser: all of them" or diag join "\n", $result =~ /^(?:not ok|#).*/mg;
                }
        }
}

# 2,000 operations, the most that a page has, are less than 3 MB.
open my $many, '>', "$build/node/many.ops" or die;
print $many "space 0x10000 0x7ffffffff000\nseed 1\n";
printf $many "map r%d %dK rw- anywhere\n%s", $_, 4 * (1 + $_ % 7), $_ % 3 ? '' : sprintf "unmap 0x%x 4K\n", 0x10000 + 0x1000 * ($_ * 13 % 400) for 1 .. 1700;
close $many;
system("$build/host/run_script $build/node/many.ops -o $build/node/many.rtrace > /dev/null");
my $words = `$build/regionviz html $build/node/many.rtrace -o $build/node/many.html`;
like $words, qr/, 2,000 operations, .*\nLeft out: /s, 'a page of 2,000 operations';
cmp_ok -s "$build/node/many.html", '<', 3_000_000, 'is less than 3 MB' or diag $words;

# Operations with many visits and changes fill a page sooner. They are left out, too.
my ($seed, @place) = (7, 1 .. 2000);
for my $i (reverse 1 .. $#place) {
        $seed = ($seed * 1103515245 + 12345) % 2**31;
        my $j = int($seed / 65536) % ($i + 1);
        @place[$i, $j] = @place[$j, $i];
}
open my $long, '>', "$build/node/long.ops" or die;
print $long "space 0x10000 0x7ffffffff000\n", map { sprintf "map r%d 4K rw- at 0x%x\n", $_, 0x10000 + 0x1000 * ($_ * 9 + $_ % 8) } @place;
close $long;
system("$build/host/run_script $build/node/long.ops -o $build/node/long.rtrace > /dev/null");
$words = `$build/regionviz html $build/node/long.rtrace -o $build/node/long.html`;
my ($fit) = $words =~ /, ([\d,]+) operations, .*\nLeft out: /s;
cmp_ok $fit =~ tr/,//dr, '>', 1000, "a page of $fit operations, since no more fit" or diag $words;
cmp_ok -s "$build/node/long.html", '<', 3_000_000, 'is less than 3 MB' or diag $words;
done_testing;
