# Generated from openapi.json: npm run generate.
# What the operations of the API are called with: parameters of functions, and what the API calls them.
$script:operations = @{
    'alerts-test' = @{
        Method   = 'POST'
        Address  = 'alerts/test'
        Path     = @{}
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'audits-post' = @{
        Method   = 'POST'
        Address  = 'audits'
        Path     = @{}
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'audits-waiting' = @{
        Method   = 'GET'
        Address  = 'audits'
        Path     = @{}
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'causes-list' = @{
        Method   = 'GET'
        Address  = 'causes'
        Path     = @{}
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = 'items'
    }
    'export' = @{
        Method   = 'GET'
        Address  = 'export/{format}'
        Path     = @{ Format = 'format' }
        Query    = @{ TargetId = 'targetId'; Control = 'control'; Verdict = 'verdict'; Severity = 'severity'; Customer = 'customer'; Tag = 'tag'; Resources = 'resources'; From = 'from'; To = 'to' }
        Body     = @{}
        Switches = @{ Resources = 'all' }
        List     = ''
    }
    'finding-get' = @{
        Method   = 'GET'
        Address  = 'targets/{targetId}/findings/{control}'
        Path     = @{ TargetId = 'targetId'; Control = 'control' }
        Query    = @{ Resources = 'resources'; Verdict = 'verdict'; PageSize = 'limit' }
        Body     = @{}
        Switches = @{ Resources = 'all' }
        List     = 'resources'
    }
    'findings-list' = @{
        Method   = 'GET'
        Address  = 'findings'
        Path     = @{}
        Query    = @{ PageSize = 'limit'; TargetId = 'targetId'; Control = 'control'; Verdict = 'verdict'; Severity = 'severity'; Waived = 'waived'; Stale = 'stale'; ChangedSince = 'changedSince'; Customer = 'customer'; Tag = 'tag' }
        Body     = @{}
        Switches = @{ Waived = 'true'; Stale = 'true' }
        List     = 'items'
    }
    'health' = @{
        Method   = 'GET'
        Address  = 'health'
        Path     = @{}
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'history-all' = @{
        Method   = 'GET'
        Address  = 'history'
        Path     = @{}
        Query    = @{ PageSize = 'limit'; Since = 'since'; Until = 'until'; Customer = 'customer'; Control = 'control' }
        Body     = @{}
        Switches = @{}
        List     = 'items'
    }
    'history-list' = @{
        Method   = 'GET'
        Address  = 'targets/{targetId}/history'
        Path     = @{ TargetId = 'targetId' }
        Query    = @{ PageSize = 'limit'; Control = 'control'; Verdict = 'verdict'; From = 'from'; To = 'to' }
        Body     = @{}
        Switches = @{}
        List     = 'items'
    }
    'openapi' = @{
        Method   = 'GET'
        Address  = 'openapi.json'
        Path     = @{}
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'poison-list' = @{
        Method   = 'GET'
        Address  = 'poison'
        Path     = @{}
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = 'items'
    }
    'poison-replay' = @{
        Method   = 'POST'
        Address  = 'poison/replay'
        Path     = @{}
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'remediation-get' = @{
        Method   = 'GET'
        Address  = 'targets/{targetId}/remediations/{remediationId}'
        Path     = @{ TargetId = 'targetId'; RemediationId = 'remediationId' }
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'remediation-undo' = @{
        Method   = 'POST'
        Address  = 'targets/{targetId}/remediations/{remediationId}/undo'
        Path     = @{ TargetId = 'targetId'; RemediationId = 'remediationId' }
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'remediations-list' = @{
        Method   = 'GET'
        Address  = 'targets/{targetId}/remediations'
        Path     = @{ TargetId = 'targetId' }
        Query    = @{ PageSize = 'limit' }
        Body     = @{}
        Switches = @{}
        List     = 'items'
    }
    'remediations-post' = @{
        Method   = 'POST'
        Address  = 'targets/{targetId}/remediations'
        Path     = @{ TargetId = 'targetId' }
        Query    = @{}
        Body     = @{ Control = 'control'; Include = 'include'; Mode = 'mode'; PlanHash = 'planHash' }
        Switches = @{ Mode = 'apply' }
        List     = ''
    }
    'report' = @{
        Method   = 'GET'
        Address  = 'report'
        Path     = @{}
        Query    = @{ TargetId = 'targetId'; Customer = 'customer'; Download = 'download'; Verdict = 'verdict'; Control = 'control'; Severity = 'severity'; Tag = 'tag'; Sort = 'sort'; Text = 'q'; Page = 'page'; Resources = 'resources'; RoomText = 'rq'; RoomPage = 'rpage'; History = 'history'; Form = 'form' }
        Body     = @{}
        Switches = @{ Download = '1'; History = 'all' }
        List     = ''
    }
    'target-audits-post' = @{
        Method   = 'POST'
        Address  = 'targets/{targetId}/audits'
        Path     = @{ TargetId = 'targetId' }
        Query    = @{}
        Body     = @{ Control = 'controls' }
        Switches = @{}
        List     = 'findings'
    }
    'target-delete' = @{
        Method   = 'DELETE'
        Address  = 'targets/{targetId}'
        Path     = @{ TargetId = 'targetId' }
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'target-get' = @{
        Method   = 'GET'
        Address  = 'targets/{targetId}'
        Path     = @{ TargetId = 'targetId' }
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'target-put' = @{
        Method   = 'PUT'
        Address  = 'targets/{targetId}'
        Path     = @{ TargetId = 'targetId' }
        Query    = @{}
        Body     = @{ DisplayName = 'displayName'; Customer = 'customer'; Tags = 'tags'; TenantId = 'tenantId'; VendorProfile = 'profile'; ServiceAccount = 'serviceAccount'; ClientAppId = 'clientAppId'; AuthorizedViaServiceAccount = 'authorizedViaServiceAccount'; Rooms = 'rooms'; BookingWindowInDays = 'bookingWindowInDays'; Protocol = 'protocol'; ExchangeReader = 'exchangeReader'; SignInSilentDays = 'signInSilentDays'; Access = 'access'; AcceptRetiredRole = 'acceptRetiredRole'; License = 'license'; AllowedExtraGrants = 'allowedExtraGrants'; AllowedExtraRoles = 'allowedExtraRoles'; ScopeGroups = 'scopeGroups'; Paused = 'paused' }
        Switches = @{}
        List     = ''
    }
    'targets-import' = @{
        Method   = 'POST'
        Address  = 'targets/import'
        Path     = @{}
        Query    = @{ DryRun = 'dryRun' }
        Body     = @{}
        Switches = @{ DryRun = 'true' }
        List     = 'items'
    }
    'targets-list' = @{
        Method   = 'GET'
        Address  = 'targets'
        Path     = @{}
        Query    = @{ PageSize = 'limit' }
        Body     = @{}
        Switches = @{}
        List     = 'items'
    }
    'waiver-delete' = @{
        Method   = 'DELETE'
        Address  = 'targets/{targetId}/waivers/{control}'
        Path     = @{ TargetId = 'targetId'; Control = 'control' }
        Query    = @{}
        Body     = @{}
        Switches = @{}
        List     = ''
    }
    'waiver-put' = @{
        Method   = 'PUT'
        Address  = 'targets/{targetId}/waivers/{control}'
        Path     = @{ TargetId = 'targetId'; Control = 'control' }
        Query    = @{}
        Body     = @{ Reason = 'reason'; ExpiresAt = 'expiresAt'; Code = 'codes' }
        Switches = @{}
        List     = ''
    }
    'waivers-list' = @{
        Method   = 'GET'
        Address  = 'targets/{targetId}/waivers'
        Path     = @{ TargetId = 'targetId' }
        Query    = @{ PageSize = 'limit' }
        Body     = @{}
        Switches = @{}
        List     = 'items'
    }
}
